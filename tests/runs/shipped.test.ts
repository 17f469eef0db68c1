/** The shipped scenarios: what is said in them is written down, and what holds for every run holds for fifty seeds. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BottalkEvent } from '../../src/events/event.ts';
import { outlineOf } from '../../src/testing/event-outline.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { SHIPPED, shipped, WholeRuns } from '../../src/testing/whole-run.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const REFRESH = 'if the new outline is right: npx vitest run tests/runs/shipped.test.ts -u';
const SEEDS = Array.from({ length: 50 }, (_, n) => n + 1);

let runs: WholeRuns;
beforeAll(() => (runs = new WholeRuns()));
afterAll(() => runs.close());

describe('the golden outline', () => {
  test.each(SHIPPED)('of %s', async (name) => {
    const { events } = await runs.run(await shipped(name, 7));
    await expect(outlineOf(events), `${name}.yaml goes otherwise than it did; ${REFRESH}`).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));
  });
});

describe('fifty seeds', () => {
  // Seeds are dealt out to the scenarios, so that each scenario has ten of its own.
  test.each(SHIPPED.map((name, n) => [name, SEEDS.filter((seed) => seed % SHIPPED.length === n)] as const))('of %s leave sound logs and come to their end', async (name, seeds) => {
    for (const seed of seeds) {
      const { events, ending, thrown } = await runs.run(await shipped(name, seed));
      expect(thrown, `seed ${seed}`).toBeUndefined();
      expect(logFaults(events), `seed ${seed}`).toEqual([]);
      expect(ending?.endedBy, `seed ${seed}`).toBe('end_conversation');
    }
  });

  test('leave sound logs on bad lines too: misheard words, frames that are lost', async () => {
    for (const seed of SEEDS.slice(0, 10)) {
      const { scenario, ...rest } = await shipped(SHIPPED[seed % SHIPPED.length] as (typeof SHIPPED)[number], seed);
      const rough = { ...rest, scenario: { ...scenario, transcription: { ...scenario.transcription, word_error_rate: 0.2 } } };
      const { events, thrown } = await runs.run(rough, {
        // Three seconds without a line in every seven.
        link: () => ({ carry: (frame, atMs) => ((atMs / 1000) % 7 < 3 && seed % 2 === 0 ? undefined : frame) }),
      });
      expect(thrown, `seed ${seed}`).toBeUndefined();
      expect(logFaults(events), `seed ${seed}`).toEqual([]);
    }
  });
});

describe('what is checked of every log', () => {
  let sound: readonly BottalkEvent[];
  beforeAll(async () => void (sound = (await runs.run(await shipped('support', 1))).events));

  type Break = (events: BottalkEvent[], at: (type: string) => number) => void;
  const breaks: readonly (readonly [string, Break, RegExp])[] = [
    ['an event is missing', (events) => void events.splice(20, 1), /stands at place/],
    ['time goes back', (events) => void (events[30] = { ...(events[30] as BottalkEvent), atMs: 1 }), /time went back/],
    ['a time is finer than a microsecond', (events, at) => change(events, at('llm.first_token'), { ttftMs: 0.0001 }), /not in whole microseconds/],
    ['a path is written down', (events, at) => change(events, at('reply.started'), { cause: process.cwd() }), /cause holds/],
    ['a time of day is written down', (events, at) => change(events, at('reply.started'), { cause: '2026-11-22T10:00:00Z' }), /time of day/],
    ['a reply never stops', (events, at) => void events.splice(at('reply.stopped'), 1), /never stopped/],
    ['a request is answered twice', (events, at) => void events.push(events[at('llm.completed')] as BottalkEvent), /was not on/],
    ['somebody speaks after leaving', (events, at) => void events.push(events[at('utterance.started')] as BottalkEvent), /is not in the room/],
    ['somebody who is not there is transcribed', (events, at) => change(events, at('transcript.published'), { participant: 'nobody' }), /nobody is not in the room/],
    ['more is remembered than was heard', (events, at) => change(events, at('reply.stopped'), { heard: 'Nothing of the kind.' }), /heard "Nothing of the kind.", sounded ""/],
    ['a word is heard that was never said', (events, at) => change(events, at('turn.stopped'), { text: 'abracadabra' }), /nobody else said/],
    ['an echo is not dropped', (events, at) => void events.splice(at('transcript.dropped'), 1), /did not drop its own/],
  ];

  test.each(breaks)('it is found when %s', (_, breaking, fault) => {
    const events = [...sound];
    breaking(events, (type) => events.findIndex((event) => event.type === type));
    expect(logFaults(events).join('\n')).toMatch(fault);
  });
});

function change(events: BottalkEvent[], index: number, payload: Readonly<Record<string, unknown>>): void {
  events[index] = { ...events[index], ...payload } as BottalkEvent;
}
