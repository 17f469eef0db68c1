import { describe, expect, it } from 'vitest';
import { AgentCall } from '../testing/agent-call.ts';
import { type ListedAnswer, ListedBrain } from '../testing/listed-brain.ts';
import type { AskingStrategy } from './end-of-turn.ts';
import { llmEndOfTurn } from './llm-end-of-turn.ts';

type JudgedCall = { readonly made: AgentCall; readonly judge: ListedBrain };

/** Mike is in the room; whether he has finished is what the judge says. Without an answer the turn lasts 1.2 s more. */
function call(answers: readonly ListedAnswer[]): JudgedCall {
  let inner: AskingStrategy | undefined;
  const outer: AskingStrategy = {
    name: 'llm',
    needsAudio: false,
    readsText: true,
    judge: (turn, question) => (inner as AskingStrategy).judge(turn, question),
    mostTokens: () => ({ prompt: 100, completion: 2 }),
    close: () => {},
  };
  const made = new AgentCall({ endOfTurn: outer, settings: { goesFirst: false } });
  const judge = new ListedBrain(made.clock, answers);
  inner = llmEndOfTurn(judge);
  made.room.enters(0, 'Mike');
  return { made, judge };
}

const quick = (text: string): ListedAnswer => ({ text, firstWordMs: 150 });

describe('a model that is asked whether the peer has finished', () => {
  it('ends the turn by its answer, when that is there', async () => {
    const { made, judge } = call([quick('yes')]);
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    await made.run(5000);
    expect(made.lines('judge.requested', 'judge.completed', 'turn.judged', 'turn.stopped')).toEqual([
      '2220 judge.requested',
      '2370 judge.completed',
      '2370 turn.judged',
      '2370 sarah-t1 by strategy: so then',
    ]);
    expect(made.of('judge.requested')[0]).toMatchObject({ agent: 'Sarah', turnId: 'sarah-t1', askId: 'sarah-t1-ask-1', mostTokens: { prompt: 100, completion: 2 } });
    expect(made.of('judge.completed')[0]).toMatchObject({ complete: true, durationMs: 150, promptTokens: 10, completionTokens: 5 });
    expect(judge.asked[0]?.request).toMatchObject({ agent: 'Sarah', replyId: 'sarah-t1-ask-1', cause: 'end_of_turn', tools: [] });
  });

  it('is told what was said last, and what is said now', async () => {
    const { made, judge } = call([quick('yes')]);
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'which plan', { startMs: 1000, endMs: 2000 });
    made.room.sounds('Mike', 6000, 7000).text(7100, 'Mike', 'the small one', { startMs: 6000, endMs: 7000 });
    await made.run(9000);
    const [system, user] = judge.asked.at(-1)?.request.messages ?? [];
    expect(system).toMatchObject({ role: 'system' });
    expect(user).toEqual({ role: 'user', text: 'So far:\nThey: which plan\nThe other: Hello there.\n\nNow they said: the small one\nHave they finished?' });
  });

  it.each(['No.', 'no', 'Maybe', 'I think yes', ''])('goes on listening when it says "%s"', async (answer) => {
    const { made } = call([quick(answer)]);
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    await made.run(5000);
    expect(made.lines('turn.stopped')).toEqual(['3420 sarah-t1 by silence: so then']);
  });

  it('loses to long silence, and is not waited for any more', async () => {
    const { made, judge } = call([{ stalls: true }]);
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    await made.run(5000);
    expect(made.lines('judge.requested', 'judge.cancelled', 'turn.judged', 'turn.stopped')).toEqual([
      '2220 judge.requested',
      '3420 judge.cancelled',
      '3420 sarah-t1 by silence: so then',
    ]);
    expect(judge.asked[0]).toMatchObject({ returned: true, signal: { aborted: true } });
  });

  it('is asked anew when more text comes, and only its newest answer counts', async () => {
    const { made, judge } = call([quick('yes'), { text: 'yes', firstWordMs: 400 }]);
    made.room.sounds('Mike', 1000, 2000).interim(2100, 'Mike', 'so').text(2300, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    await made.run(5000);
    expect(judge.asked.map(({ atMs }) => atMs)).toEqual([2220, 2300]);
    expect(made.lines('judge.cancelled', 'turn.stopped')).toEqual(['2300 judge.cancelled', '2700 sarah-t1 by strategy: so then']);
  });

  it('is not heard out when the peer speaks on', async () => {
    const { made } = call([{ text: 'yes', firstWordMs: 800 }, quick('yes')]);
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    made.room.sounds('Mike', 2500, 3500).text(3600, 'Mike', 'what now', { startMs: 2500, endMs: 3500 });
    await made.run(6000);
    expect(made.lines('turn.stopped').map((line) => line.replace(/^\d+ /, ''))).toEqual(['sarah-t1 by strategy: so then what now']);
    expect(made.of('judge.cancelled').length).toBe(1);
  });

  it('is not asked about silence without words', async () => {
    const { made, judge } = call([quick('yes')]);
    made.room.sounds('Mike', 1000, 2000);
    await made.run(6000);
    expect(judge.asked).toEqual([]);
    expect(made.of('turn.judged')).toMatchObject([{ complete: false }]);
  });

  it('counts as unfinished when it fails, and the log says why', async () => {
    const { made } = call([{ firstWordMs: 100, fails: { kind: 'server', retryable: true } }]);
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    await made.run(5000);
    expect(made.of('judge.failed')).toMatchObject([{ agent: 'Sarah', askId: 'sarah-t1-ask-1', provider: 'listed', kind: 'server', message: 'the model is out' }]);
    expect(made.lines('turn.stopped')).toEqual(['3420 sarah-t1 by silence: so then']);
  });

  it('is given up when the agent leaves', async () => {
    const { made } = call([{ stalls: true }]);
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    await made.run(2500);
    expect(made.lines('judge.cancelled')).toEqual(['2500 judge.cancelled']);
  });
});
