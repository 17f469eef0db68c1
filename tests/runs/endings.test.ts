/** How a run ends: one test for each reason of the closed list that can happen without a budget. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/base/errors.ts';
import { ENDED_BY, type BottalkEvent } from '../../src/events/event.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { runOneAgent } from '../../src/testing/one-agent.ts';
import { framesOf } from '../../src/testing/speech-frames.ts';
import { spoken } from '../../src/testing/spoken.ts';
import { caseOf, eventsOf, type WholeRun, WholeRuns } from '../../src/testing/whole-run.ts';

let runs: WholeRuns;
beforeAll(() => (runs = new WholeRuns()));
afterAll(() => runs.close());

type Agent = { readonly lines: string; readonly more?: string };

/** Ann goes first and Ben answers; each says its lines and nothing when they are used up. */
function call({ ann, ben, top = '' }: { ann: Agent; ben: Agent; top?: string }): ReturnType<typeof caseOf> {
  const agent = (name: string, { lines, more = '' }: Agent): string => `
  - name: ${name}
    prompt: Talk.
    llm: { first_token_ms: 100 }
    script: { lines: [${lines}] }
${more.replace(/^/gm, '    ')}`;
  return caseOf(`title: Test\nturn: { profile: responsive }\nagents:${agent('Ann', ann)}${agent('Ben', ben)}\n${top}`);
}

/** What every end has in common. */
function expectSound({ ending, thrown, events }: WholeRun): void {
  expect(logFaults(events)).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: 'run.ended', ...ending });
  expect(thrown).toBeUndefined();
}

function lastHeard(events: readonly BottalkEvent[], agent: string): string | undefined {
  return eventsOf(events, 'reply.stopped').filter((event) => event.agent === agent).at(-1)?.heard;
}

const ANN = { lines: '"Hello, Ben."' };
const BEN = { lines: '"Hello, Ann."' };

describe('a run ends by', () => {
  test('end_conversation: the agent says what it says to its end, then two seconds of silence, then it leaves', async () => {
    const run = await runs.run(call({ ann: { lines: '"Hello, Ben.", { say: "That is all, goodbye.", end: true }' }, ben: BEN }));
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'end_conversation', agent: 'Ann' });
    expect(eventsOf(run.events, 'tool.called').map(({ agent, name }) => `${agent} ${name}`)).toEqual(['Ann end_conversation']);
    expect(lastHeard(run.events, 'Ann')).toBe('That is all, goodbye.');
    const spokenUntilMs = eventsOf(run.events, 'utterance.stopped').at(-1)?.atMs ?? 0;
    expect(run.events.at(-1)?.atMs).toBe(spokenUntilMs + 2000);
    // The other side is told that the call is ending, so that nothing is said into the goodbye.
    expect(eventsOf(run.events, 'app_message.sent')).toHaveLength(1);
  });

  test('end_conversation without a goodbye: one is said before leaving', async () => {
    const run = await runs.run(call({ ann: { lines: '"Hello, Ben.", { say: "We are done here.", end: true }' }, ben: BEN }));
    expectSound(run);
    expect(run.ending?.endedBy).toBe('end_conversation');
    expect(lastHeard(run.events, 'Ann')).toMatch(/goodbye/i);
  });

  test('goodbye: both sides have said it in two successive turns', async () => {
    const ann = { lines: '"Hello, Ben.", "Thanks for your time, goodbye.", "Are you still there?"', more: 'end_conversation: false' };
    const run = await runs.run(call({ ann, ben: { lines: '"Hello, Ann.", "Bye, take care.", "Hm."' } }));
    expectSound(run);
    expect(run.ending?.endedBy).toBe('goodbye');
    expect([lastHeard(run.events, 'Ann'), lastHeard(run.events, 'Ben')]).toEqual(['Thanks for your time, goodbye.', 'Bye, take care.']);
    expect(eventsOf(run.events, 'call.ending').map(({ endedBy }) => endedBy)).toEqual(['goodbye', 'goodbye']);
  });

  test('hangup: the peer is gone for longer than the grace', async () => {
    const { ending, events } = await runOneAgent(call({ ann: ANN, ben: BEN, top: 'inactivity: 60s' }), runs.machinery, ({ room, guest, at }) => {
      const ben = guest('Ben');
      at(100, () => ben.join(room));
      at(4000, () => ben.leave('line dropped'));
    });
    expect(ending).toEqual({ endedBy: 'hangup', agent: 'Ann' });
    expect(eventsOf(events, 'grace.started').map(({ atMs }) => atMs)).toEqual([4000]);
    expect(eventsOf(events, 'grace.ended').map(({ atMs, returned }) => [atMs, returned])).toEqual([[12_000, false]]);
    expect(eventsOf(events, 'call.ending').map(({ atMs, endedBy }) => [atMs, endedBy])).toEqual([[12_000, 'hangup']]);
    expect(logFaults(events)).toEqual([]);
  });

  test('max_turns: the agent that reaches it first says that turn to its end and leaves', async () => {
    const run = await runs.run(call({ ann: { lines: 'One., Two., Three.' }, ben: { lines: 'One., Two., Three.' }, top: 'max_turns: 2' }));
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'max_turns', agent: 'Ann' });
    const spoken = eventsOf(run.events, 'reply.stopped').filter(({ heard }) => heard !== '');
    expect(spoken.filter(({ agent }) => agent === 'Ann').map(({ outcome }) => outcome)).toEqual(['completed', 'completed']);
    expect(spoken.filter(({ agent }) => agent === 'Ben').length).toBeLessThanOrEqual(2);
  });

  test('inactivity: nobody has spoken for so long', async () => {
    // Ben waits for his name, which Ann never says.
    const run = await runs.run(call({ ann: { lines: '"Hello, is anybody there?"' }, ben: { ...BEN, more: 'hear: addressed' }, top: 'inactivity: 4s' }));
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'inactivity' });
    const quietSinceMs = eventsOf(run.events, 'wire.speech_stopped').at(-1)?.endMs ?? 0;
    expect(run.events.at(-1)?.atMs).toBe(quietSinceMs + 4000);
  });

  test('inactivity, when nobody ever speaks', async () => {
    const run = await runs.run(call({ ann: ANN, ben: BEN, top: 'inactivity: 50ms' }));
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'inactivity' });
    expect(run.events.at(-1)?.atMs).toBe(50);
  });

  test('max_duration: in the middle of a word, of which nothing counts as heard', async () => {
    const run = await runs.run(call({ ann: { lines: '"Hello, Ben, this is going to be a rather long greeting."' }, ben: BEN, top: 'max_duration: 1.777s' }));
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'max_duration' });
    expect(run.events.at(-1)?.atMs).toBe(1777);
    const [reply] = eventsOf(run.events, 'reply.stopped');
    expect(reply).toMatchObject({ outcome: 'interrupted' });
    expect(`${reply?.heard} ${reply?.unheard}`).toBe('Hello, Ben, this is going to be a rather long greeting.');
    expect(eventsOf(run.events, 'utterance.stopped')[0]?.cut).toBe(true);
    // What went out in the tick that was on is on the recording.
    expect(run.tracks[0].length / 16).toBe(1780);
  });

  test('cancelled: the user wants it to stop, and what was said stays', async () => {
    const abort = new AbortController();
    const run = await runs.run(call({ ann: ANN, ben: BEN }), {
      signal: abort.signal,
      onEvent: (event) => event.type === 'utterance.started' && event.agent === 'Ben' && abort.abort(),
    });
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'cancelled' });
    expect(lastHeard(run.events, 'Ann')).toBe('Hello, Ben.');
    expect(eventsOf(run.events, 'reply.stopped').at(-1)).toMatchObject({ agent: 'Ben', outcome: 'interrupted', heard: '' });
    expect(run.events.at(-1)?.atMs).toBe(eventsOf(run.events, 'utterance.started').at(-1)?.atMs);
    expect(run.tracks[0].some((sample) => sample !== 0)).toBe(true);
  });

  test('cancelled before it began: nobody joins', async () => {
    const run = await runs.run(call({ ann: ANN, ben: BEN }), { signal: AbortSignal.abort() });
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'cancelled' });
    expect(eventsOf(run.events, 'participant.joined')).toEqual([]);
  });

  test('error: a stage that the call cannot do without has failed; it is thrown, and the log is whole', async () => {
    const failure = new ProviderError('the model does not answer', { provider: 'silero', kind: 'server' });
    const vad = { open: () => { throw failure; } };
    const run = await runs.run(call({ ann: ANN, ben: BEN }), { machinery: { ...runs.machinery, vad } as never });
    expect(run.thrown).toBe(failure);
    expect(logFaults(run.events)).toEqual([]);
    expect(run.events.at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'error', reason: 'silero: the model does not answer' });
  });

  test('none other, but for the budget, which costs nothing here', () => {
    const shown = ['end_conversation', 'goodbye', 'hangup', 'max_turns', 'inactivity', 'max_duration', 'cancelled', 'error'];
    expect(ENDED_BY.filter((reason) => !shown.includes(reason))).toEqual(['budget']);
  });
});

describe('what does not end a run', () => {
  test('a peer whose line drops and who is back within the grace', async () => {
    const { ending, events } = await runOneAgent(call({ ann: ANN, ben: BEN, top: 'inactivity: 60s' }), runs.machinery, ({ room, guest, at }) => {
      const [ben, again] = [guest('Ben'), guest('Ben')];
      at(100, () => ben.join(room));
      at(3000, () => ben.say(framesOf(spoken('ross', 'Hi Ann, one moment please.'))));
      at(9000, () => ben.leave('line dropped'));
      at(16_900, () => again.join(room));
    });
    expect(ending).toEqual({ endedBy: 'inactivity' });
    expect(eventsOf(events, 'grace.ended').map(({ atMs, returned }) => [atMs, returned])).toEqual([[16_900, true]]);
    expect(eventsOf(events, 'reply.started').map(({ cause }) => cause)).toEqual(['kickoff', 'turn']);
    expect(logFaults(events)).toEqual([]);
  });

  test('a voice that fails: its replies fail, the call goes on until it is quiet for too long', async () => {
    const machinery = { ...runs.machinery, synthesiser: undefined as never };
    const failing = { prefetch: () => {}, say: async () => { throw new ProviderError('the worker died', { provider: 'offline', kind: 'server' }); } };
    const run = await runs.run(call({ ann: ANN, ben: BEN, top: 'inactivity: 5s' }), { machinery: { ...machinery, synthesiser: failing as never } });
    expectSound(run);
    expect(run.ending).toEqual({ endedBy: 'inactivity' });
    expect(eventsOf(run.events, 'tts.failed')[0]).toMatchObject({ agent: 'Ann', provider: 'offline', message: 'the worker died' });
    expect(eventsOf(run.events, 'reply.stopped')[0]).toMatchObject({ outcome: 'failed', heard: '' });
  });
});
