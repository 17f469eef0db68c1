import { expect, test } from 'vitest';
import { foreignWaits } from './awaits.ts';
import { openProgram } from './program.ts';

const CLOCK = `
  export interface Clock {
    sleep(ms: number): Promise<void>;
    hold<T>(promise: Promise<T>): Promise<T>;
    gate(): { wait(): Promise<void> };
  }
`;
const LLM = 'export interface Llm { complete(): AsyncIterable<string>; }';
const WORLD = `
  export declare function ask(): Promise<string>;
  export declare function stream(): AsyncIterable<string>;
  export declare const answer: Promise<string>;
`;

test('the core of the house waits only for the clock, for itself and for its ports', () => {
  expect(waitsIn()).toEqual([]);
});

test('waits of the clock, of the core and of ports are fine, and so is an outside promise inside a hold', () => {
  expect(
    waitsIn({
      'src/pipeline/reply.ts': `
        import type { Clock } from '../clock/clock.ts';
        import { ask } from '../providers/world.ts';
        import type { Llm } from './llm.ts';
        export class Reply {
          #last: Promise<void> | undefined;
          async run(clock: Clock, llm: Llm): Promise<void> {
            await clock.sleep(20);
            await clock.gate().wait();
            await clock.hold(ask());
            for await (const chunk of llm.complete()) chunk.at(0);
            this.#last = this.#speak(clock);
            await this.#last;
            await Promise.all([later(clock), this.#speak(clock)]);
            void later(clock).catch(() => undefined);
          }
          async #speak(clock: Clock): Promise<void> { return clock.sleep(1); }
        }
        const later = async (clock: Clock): Promise<void> => clock.sleep(2);
      `,
    }),
  ).toEqual([]);
});

test('a promise from outside of the core is caught, wherever it comes from', () => {
  const world = "import { answer, ask, stream } from '../providers/world.ts'; ";
  const cases = {
    'an awaited call': [`${world}export const f = async () => { await ask(); };`, 'ask()'],
    'a returned call': [`${world}export const f = () => ask();`, 'ask()'],
    'a call awaited later': [`${world}const p = ask(); export const f = async () => { await p; };`, 'ask()'],
    'an async iterable': [`${world}export const f = async () => { for await (const x of stream()) x.at(0); };`, 'stream()'],
    'an imported promise': [`${world}export const f = async () => { await answer; };`, 'answer'],
    'a parameter': ['export const f = async (p: Promise<void>) => { await p; };', 'p'],
    'a promise made here': ['export const f = async () => { await new Promise((done) => done(1)); };', 'new Promise((done) => done(1))'],
    'a race, whose losers run on': ['export const f = async () => { await Promise.race([f()]); };', 'Promise.race([f()])'],
    'a module': ["export const f = async () => { await import('./llm.ts'); };", "import('./llm.ts')"],
    'a port that is not listed': ['export const f = async (call: () => Promise<void>) => { await call(); };', 'call()'],
    'the wall clock': ["import { wall } from '../clock/wall-clock.ts'; export const f = async () => { await wall.sleep(1); };", 'wall.sleep(1)'],
  } as const;
  const files = Object.entries(cases).map(([name, [text]]) => [`src/pipeline/${name}.ts`, text] as const);
  const caught = waitsIn(Object.fromEntries(files)).map((fault) => fault.replace(/(`: ).*/, '$1'));
  expect(caught.toSorted()).toEqual(
    Object.entries(cases)
      .map(([name, [, blamed]]) => `src/pipeline/${name}.ts:1: the core may not wait for \`${blamed}\`: `)
      .toSorted(),
  );
});

function waitsIn(madeUp?: Record<string, string>): string[] {
  const program = openProgram(
    madeUp && {
      'src/clock/clock.ts': CLOCK,
      'src/clock/wall-clock.ts': 'export declare const wall: { sleep(ms: number): Promise<void> };',
      'src/pipeline/llm.ts': LLM,
      'src/providers/world.ts': WORLD,
      ...madeUp,
    },
  );
  try {
    return foreignWaits(program);
  } finally {
    program.close();
  }
}
