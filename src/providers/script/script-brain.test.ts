import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { ContextMessage, LlmCause, LlmChunk } from '../../pipeline/llm.ts';
import { scenarioSchema, type ScriptFile } from '../../scenarios/schema.ts';
import { HandMovedWall } from '../../testing/hand-moved-wall.ts';
import { ScriptBrain } from './script-brain.ts';

function scriptOf(written: object): ScriptFile {
  const agent = (name: string): object => ({ name, prompt: 'p', script: written });
  return scenarioSchema.parse({ title: 't', agents: [agent('A'), agent('B')] }).agents[0]?.script as ScriptFile;
}

type Told = { readonly atMs: number; readonly chunk: LlmChunk };

type Asked = { readonly replyId: string; readonly cause: LlmCause; readonly messages: readonly ContextMessage[] };

async function tell(brain: (clock: VirtualClock) => ScriptBrain, requests: readonly Asked[]): Promise<Told[][]> {
  const clock = new VirtualClock({ wall: new HandMovedWall() });
  const asked = brain(clock);
  const told: Told[][] = [];
  clock.task(async () => {
    for (const request of requests) {
      const chunks: Told[] = [];
      const startedMs = clock.nowMs();
      for await (const chunk of asked.complete({ agent: 'A', tools: [], ...request }, new AbortController().signal)) {
        chunks.push({ atMs: clock.nowMs() - startedMs, chunk });
      }
      told.push(chunks);
    }
    clock.stop();
  });
  await clock.run();
  return told;
}

const brainOf =
  (written: object, options: { seed?: number; firstTokenMs?: number } = {}) =>
  (clock: VirtualClock): ScriptBrain =>
    new ScriptBrain({
      clock,
      script: scriptOf(written),
      content: seededRandom(options.seed ?? 1).fork('content'),
      latency: seededRandom(options.seed ?? 1).fork('latency'),
      firstTokenMs: options.firstTokenMs ?? 300,
      tokensPerSecond: 10,
    });

const textOf = (told: Told[] | undefined): string => (told ?? []).map(({ chunk }) => (chunk.kind === 'text' ? chunk.text : '')).join('');

describe('the offline brain', () => {
  it('takes its time to the first word and writes on at its speed', async () => {
    const [told] = await tell(brainOf({ lines: ['Four letters each'] }), [{ replyId: 'r1', cause: 'kickoff', messages: [] }]);
    // Ten tokens a second, four letters a token: two for the second word, one for the third.
    expect(told?.map(({ atMs }) => atMs)).toEqual([300, 500, 600]);
    expect(textOf(told)).toBe('Four letters each');
  });

  it('picks a wording by seed, whatever was drawn before', async () => {
    const wordings = { lines: [{ say: ['One.', 'Two.', 'Three.', 'Four.', 'Five.'] }] };
    const kickoff = [{ replyId: 'r1', cause: 'kickoff' as const, messages: [] }];
    const said = async (seed: number): Promise<string> => textOf((await tell(brainOf(wordings, { seed }), kickoff))[0]);
    expect(await said(3)).toBe(await said(3));
    expect(new Set(await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(said))).size).toBeGreaterThan(1);
  });

  it('calls its tool after saying so, and fills the answer in', async () => {
    const script = { lines: [{ say: 'One moment.', call: { name: 'look_up', arguments: { id: 7 } }, then: 'It comes on {{ result.day }}.' }] };
    const called: ContextMessage[] = [
      { role: 'tool_call', replyId: 'r1', callId: 'r1-call', name: 'look_up', arguments: { id: 7 } },
      { role: 'tool_result', callId: 'r1-call', name: 'look_up', result: { day: 'Monday' } },
    ];
    const [first, second] = await tell(brainOf(script), [
      { replyId: 'r1', cause: 'kickoff', messages: [] },
      { replyId: 'r2', cause: 'tool_result', messages: called },
    ]);
    expect(first?.at(-1)?.chunk).toEqual({ kind: 'tool_call', callId: 'r1-call', name: 'look_up', arguments: { id: 7 } });
    expect(textOf(second)).toBe('It comes on Monday.');
  });

  it('ends the call after a line that says so', async () => {
    const [told] = await tell(brainOf({ lines: [{ say: 'Bye.', end: true }] }), [{ replyId: 'r1', cause: 'kickoff', messages: [] }]);
    expect(told?.at(-1)?.chunk).toMatchObject({ kind: 'tool_call', name: 'end_conversation' });
  });

  it('stops when nobody wants to hear it any more', async () => {
    const clock = new VirtualClock({ wall: new HandMovedWall() });
    const abort = new AbortController();
    const brain = brainOf({ lines: ['Hello there.'] })(clock);
    let ended: unknown;
    clock.at(100, { phase: 'turn', order: 0 }, () => abort.abort(new Error('interrupted')));
    clock.task(async () => {
      try {
        for await (const chunk of brain.complete({ agent: 'A', replyId: 'r1', messages: [], tools: [], cause: 'kickoff' }, abort.signal)) ended = chunk;
      } catch (error) {
        ended = error;
      }
      clock.stop();
    });
    await clock.run();
    expect(ended).toEqual(new Error('interrupted'));
    expect(clock.nowMs()).toBe(100);
  });
});
