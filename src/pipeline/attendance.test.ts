import { describe, expect, it } from 'vitest';
import { AgentCall, type AgentCallOptions } from '../testing/agent-call.ts';

const WHAT = ['reply.started', 'reply.stopped', 'grace.started', 'grace.ended', 'call.ending'] as const;

/** Sarah goes first; her greeting is two words long. */
function call(options: AgentCallOptions = {}): AgentCall {
  return new AgentCall({ answers: ['Hello there.'], ...options });
}

const kickoffsAt = (made: AgentCall): number[] => made.of('reply.started').filter(({ cause }) => cause === 'kickoff').map(({ atMs }) => atMs);

describe('the greeting', () => {
  it.each([
    ['a peer who is there', [[0, 'Mike']], [0]],
    ['a peer who comes later', [[3000, 'Mike']], [3000]],
    ['a peer who comes much later', [[30_000, 'Mike']], [30_000]],
    ['a display name that holds the known one', [[0, 'Mike (bot)']], [0]],
    ['nobody', [], []],
    ['guests, when the peer has not come for a while', [[1000, 'Somebody']], [7000]],
    ['guests who come late', [[20_000, 'Somebody']], [26_000]],
    ['a peer in place of guests', [[1000, 'Somebody'], [4000, 'Mike']], [4000]],
    ['a peer who comes when guests were greeted', [[1000, 'Somebody'], [20_000, 'Mike']], [7000, 20_000]],
    ['a name that is the own one', [[0, 'Sarah']], [6000]],
  ] as const)('is for %s', async (_title, comers, greetedAt) => {
    const made = call();
    for (const [atMs, name] of comers) made.room.enters(atMs, name);
    await made.run(40_000);
    expect(kickoffsAt(made)).toEqual(greetedAt);
  });

  it('is not said twice to one who is reported twice', async () => {
    const made = call();
    made.room.enters(0, 'Mike').enters(3000, 'Mike');
    await expect(made.run(10_000)).rejects.toThrow('was on already');
    expect(kickoffsAt(made)).toEqual([0]);
  });

  it('is left to who goes first', async () => {
    const made = call({ settings: { goesFirst: false } });
    made.room.enters(0, 'Mike');
    expect((await made.run(10_000)).of('reply.started')).toEqual([]);
  });

  it('is not said to guests who have gone', async () => {
    const made = call();
    made.room.enters(1000, 'Somebody').leaves(5000, 'Somebody');
    expect((await made.run(20_000)).of('reply.started')).toEqual([]);
  });

  it('is not needed when the peer has spoken first', async () => {
    const made = call();
    made.room.enters(0, 'Somebody').says('Somebody', 1000, 2000, 'hello who is there').enters(9000, 'Mike');
    await made.run(20_000);
    expect(made.of('reply.started').map(({ cause }) => cause)).toEqual(['turn']);
  });
});

describe('a peer who leaves during the greeting and comes back', () => {
  const answers = ['Hello there my dear friend and colleague.', 'Hello again.', 'Fine.'];

  it('is greeted anew in the middle of it, because it has not heard the beginning', async () => {
    const made = call({ answers });
    made.room.enters(0, 'Mike').leaves(700, 'Mike').enters(1300, 'Mike', 'Mike-2').says('Mike-2', 3000, 4000, 'hi');
    await made.run(12_000);
    expect(made.lines(...WHAT)).toEqual([
      '0 sarah-r1 started: kickoff',
      '700 grace.started',
      '1300 grace.ended',
      '1300 sarah-r1 interrupted: Hello there my dear',
      '1300 sarah-r2 started: kickoff',
      '2120 sarah-r2 completed: Hello again.',
      '4250 sarah-r3 started: turn',
      '4860 sarah-r3 completed: Fine.',
    ]);
  });

  it('is greeted anew after it', async () => {
    const made = call({ answers });
    made.room.enters(0, 'Mike').leaves(700, 'Mike').enters(5000, 'Mike', 'Mike-2');
    await made.run(12_000);
    expect(made.of('reply.stopped').map(({ heard }) => heard)).toEqual(['Hello there my dear friend and colleague.', 'Hello again.']);
    expect(kickoffsAt(made)).toEqual([0, 5000]);
  });

  it('hears the greeting that has not begun to sound', async () => {
    const made = call({ answers: [{ text: 'Hello there.', firstWordMs: 3000 }] });
    made.room.enters(0, 'Mike').leaves(700, 'Mike').enters(1500, 'Mike', 'Mike-2');
    await made.run(12_000);
    expect(kickoffsAt(made)).toEqual([0]);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'completed' }]);
  });

  it('is not greeted again once it has spoken', async () => {
    const made = call({ answers });
    made.room.enters(0, 'Mike').says('Mike', 3000, 4000, 'hi').leaves(6000, 'Mike').enters(8000, 'Mike', 'Mike-2');
    await made.run(12_000);
    expect(kickoffsAt(made)).toEqual([0]);
  });
});

describe('the grace', () => {
  it.each([
    ['back in time', [[10_000, 'leaves', 'Mike', 'Mike'], [17_900, 'enters', 'Mike', 'Mike-2']], undefined],
    ['not back', [[10_000, 'leaves', 'Mike', 'Mike']], 18_000],
    ['back under another name', [[10_000, 'leaves', 'Mike', 'Mike'], [12_000, 'enters', 'Mick', 'Mick']], 18_000],
    ['back too late', [[10_000, 'leaves', 'Mike', 'Mike'], [18_100, 'enters', 'Mike', 'Mike-2']], 18_000],
    ['gone, and a guest after it', [[10_000, 'leaves', 'Mike', 'Mike'], [11_000, 'leaves', 'Sue', 'Sue']], 18_000],
    ['a guest has left', [[10_000, 'leaves', 'Sue', 'Sue']], undefined],
    ['one of two seats is left', [[9000, 'enters', 'Mike', 'Mike-2'], [10_000, 'leaves', 'Mike', 'Mike']], undefined],
    ['back and gone again: it begins anew', [[10_000, 'leaves', 'Mike', 'Mike'], [12_000, 'enters', 'Mike', 'Mike-2'], [15_000, 'leaves', 'Mike', 'Mike-2']], 23_000],
  ] as const)('of a peer who is %s', async (_title, moves, endsAt) => {
    const made = call();
    made.room.enters(0, 'Mike').enters(0, 'Sue').says('Mike', 2000, 3000, 'hi');
    for (const [atMs, move, name, id] of moves) {
      if (move === 'enters') made.room.enters(atMs, name, id);
      else made.room.leaves(atMs, id);
    }
    await made.run(40_000);
    expect(made.of('call.ending').map(({ atMs, endedBy }) => [atMs, endedBy])).toEqual(endsAt === undefined ? [] : [[endsAt, 'hangup']]);
    expect(made.endedBy).toBe(endsAt === undefined ? undefined : 'hangup');
    expect(made.of('participant.left').find(({ name }) => name === 'Sarah')?.atMs).toBe(endsAt ?? 40_000);
  });

  it('ends with the call, and an agent that hangs up says nothing more', async () => {
    const made = call({ answers: ['Hello.', `${'and on '.repeat(60)}.`] });
    made.room.enters(0, 'Mike').says('Mike', 2000, 3000, 'hi').leaves(4000, 'Mike');
    await made.run(30_000);
    expect(made.lines('grace.ended', 'reply.stopped').map((line) => line.slice(0, 27))).toEqual(['600 sarah-r1 completed: Hel', '12000 grace.ended', '12000 sarah-r2 interrupted:']);
  });
});

it('speech of a peer who leaves in the middle of it is over', async () => {
  const made = call({ settings: { goesFirst: false }, answers: ['Fine.'] });
  made.room.enters(0, 'Mike').sounds('Mike', 1000, 9000).text(2500, 'Mike', 'how are').leaves(3000, 'Mike').enters(4000, 'Mike', 'Mike-2');
  await made.run(8000);
  expect(made.of('vad.speech_stopped')).toMatchObject([{ atMs: 3000, audioMs: 2980, rescued: true }]);
  expect(made.lines('turn.stopped', 'reply.started')).toEqual(['3000 sarah-t1 by strategy: how are', '3000 sarah-r1 started: turn']);
});

it('speech of a peer whose line goes dead is over after a second', async () => {
  const made = call({ settings: { goesFirst: false }, answers: ['Fine.'] });
  made.room.enters(0, 'Mike').sounds('Mike', 1000, 9000).text(2500, 'Mike', 'how are').mutes(3000, 'Mike');
  await made.run(8000);
  expect(made.of('vad.speech_stopped')).toMatchObject([{ atMs: 3980, silenceMs: 1000, rescued: true }]);
  expect(made.lines('turn.stopped')).toEqual(['3980 sarah-t1 by strategy: how are']);
});
