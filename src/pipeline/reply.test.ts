import { describe, expect, it } from 'vitest';
import { AgentCall } from '../testing/agent-call.ts';

/** The agent greets at 100 ms, which is the reply that is looked at. */
async function greeting(options: ConstructorParameters<typeof AgentCall>[0], { untilMs = 20_000 } = {}): Promise<AgentCall> {
  const call = new AgentCall(options);
  call.room.enters(100, 'Mike');
  return call.run(untilMs);
}

const types = (call: AgentCall): string[] => call.events.map(({ type }) => type).filter((type) => /^(llm|reply)/.test(type));

it('speaks the first sentence while the model writes the next', async () => {
  const call = await greeting({ answers: [{ text: 'Hello. How are you today?', firstWordMs: 300, wordMs: 500 }] });
  expect(call.lines('llm.first_token', 'tts.first_audio', 'utterance.started', 'llm.completed', 'reply.stopped')).toEqual([
    '400 llm.first_token',
    '1000 tts.first_audio',
    '1000 utterance.started',
    '2400 llm.completed',
    '3300 sarah-r1 completed: Hello. How are you today?',
  ]);
  expect(call.of('llm.completed')[0]).toMatchObject({ durationMs: 2300, text: 'Hello. How are you today?', promptTokens: 10, completionTokens: 5 });
  expect(call.of('llm.first_token')[0]?.ttftMs).toBe(300);
});

describe('a model that fails', () => {
  const out = { kind: 'server', retryable: true } as const;
  const APOLOGY = 'Sorry, I lost my train of thought. Could you say that again?';

  it('is asked once more if nothing was said', async () => {
    const call = await greeting({ answers: [{ text: 'Hel', fails: out }, 'Hello there.'] });
    expect(types(call)).toEqual(['reply.started', 'llm.requested', 'llm.first_token', 'llm.failed', 'llm.requested', 'llm.first_token', 'llm.completed', 'reply.stopped']);
    expect(call.of('reply.stopped')).toMatchObject([{ outcome: 'completed', heard: 'Hello there.' }]);
    expect(call.of('llm.failed')).toMatchObject([{ requestId: 'sarah-r1-llm-1', kind: 'server', provider: 'listed' }]);
  });

  it.each([
    ['twice', [{ fails: out }, { fails: out }], 2],
    ['for good', [{ fails: { kind: 'bad_request', retryable: false } as const }], 1],
    ['by writing nothing', [{ text: '' }], 2],
    ['by writing nothing that can be said', [{ text: '... 🙂' }], 2],
  ])('%s is apologised for', async (_title, answers, requests) => {
    const call = await greeting({ answers });
    expect(call.brain.asked.length).toBe(requests);
    expect(call.of('llm.failed').length).toBe(requests);
    expect(call.of('reply.stopped')).toMatchObject([{ outcome: 'failed', heard: APOLOGY }]);
  });

  it('as it will at every further request says nothing at all: the call is over with it', async () => {
    const call = await greeting({ answers: [{ fails: { kind: 'quota', retryable: true } as const }] });
    expect(types(call)).toEqual(['reply.started', 'llm.requested', 'llm.failed', 'reply.stopped']);
    expect(call.of('reply.stopped')).toMatchObject([{ outcome: 'failed', heard: '' }]);
  });

  it('in the middle of what it writes is not asked again', async () => {
    const call = await greeting({ answers: [{ text: 'One moment. I will', fails: out }] });
    expect(call.brain.asked.length).toBe(1);
    expect(call.of('reply.stopped')).toMatchObject([{ outcome: 'failed', heard: `One moment. ${APOLOGY}` }]);
  });
});

describe('an interruption', () => {
  it('ends the model, the voice and the playout together', async () => {
    const call = new AgentCall({ answers: [{ text: 'Hello there. How are you today my friend?', wordMs: 300 }, 'Sorry.'] });
    call.room.enters(100, 'Mike').sounds('Mike', 1500, 2000);
    await call.run(1700);
    const stoppedMs = call.of('reply.stopped')[0]?.atMs;
    expect(call.lines('llm.cancelled', 'tts.cancelled', 'utterance.stopped', 'reply.stopped')).toEqual([
      '1600 llm.cancelled',
      '1600 tts.cancelled',
      '1600 reply cut: Hello there.',
      '1600 sarah-r1 interrupted: Hello there.',
    ]);
    expect(call.brain.asked[0]).toMatchObject({ returned: true, signal: { aborted: true } });
    expect(call.voice.sung[0]).toMatchObject({ returned: true, signal: { aborted: true } });
    expect(call.room.published.slice((stoppedMs ?? 0) / 20).every(({ silent }) => silent)).toBe(true);
  });

  it('before the first sound leaves nothing behind', async () => {
    const call = new AgentCall({ answers: [{ text: 'Hello there.', firstWordMs: 2000 }] });
    call.room.enters(100, 'Mike').sounds('Mike', 500, 1000);
    await call.run(800);
    expect(call.lines('llm.cancelled', 'reply.stopped')).toEqual(['600 llm.cancelled', '600 sarah-r1 abandoned: ']);
    expect(call.brain.asked[0]).toMatchObject({ returned: true, signal: { aborted: true } });
    expect(call.of('tts.requested')).toEqual([]);
  });

  it('at any moment leaves a sound log', async () => {
    for (let atMs = 200; atMs < 2600; atMs += 40) {
      const call = new AgentCall({ answers: [{ text: 'Hello there. How are you?', wordMs: 100 }, 'Fine.'] });
      call.room.enters(100, 'Mike').says('Mike', atMs, atMs + 600, 'hello yes');
      await call.run(6000);
      expect(call.of('reply.stopped').at(-1)).toMatchObject({ outcome: 'completed' });
    }
  });
});

describe('a voice that fails', () => {
  it('ends the reply and the model with it', async () => {
    const call = await greeting({ answers: [{ text: 'Hello. How are you?', wordMs: 2000 }], voice: { singing: () => ({ failsAfter: 0 }) } }, { untilMs: 3000 });
    expect(call.lines('tts.failed', 'llm.cancelled', 'reply.stopped')).toEqual(['2500 tts.failed', '2500 llm.cancelled', '2500 sarah-r1 failed: ']);
    expect(call.brain.asked[0]).toMatchObject({ returned: true });
  });

  it('in the middle leaves what was heard', async () => {
    const call = await greeting({ answers: ['Hello my friend.'], voice: { singing: () => ({ failsAfter: 2 }) } });
    expect(call.of('reply.stopped')).toMatchObject([{ outcome: 'failed', heard: 'Hello my', unheard: 'friend.' }]);
    expect(call.lines('context.appended').at(-1)).toMatch(/assistant: Hello my$/);
  });
});
