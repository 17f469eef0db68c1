import { describe, expect, it } from 'vitest';
import { AgentCall, type AgentCallOptions } from '../testing/agent-call.ts';
import type { Manners } from './manners.ts';

/** Mike speaks; Sarah, who does not go first, minds these manners. Her words take 0.2 s, the voice 0.1 s. */
function call(manners: Manners, options: AgentCallOptions = {}): AgentCall {
  const made = new AgentCall({ ...options, settings: { goesFirst: false, manners, ...options.settings } });
  made.room.enters(0, 'Mike');
  return made;
}

const SAID = ['turn.stopped', 'reply.started', 'reply.stopped', 'utterance.stopped'] as const;

describe('a backchannel', () => {
  const backchannel = { everyMs: 1000, words: ['mm-hm'], chance: 1 };

  it('comes after each stretch of speech, takes no floor and is not remembered', async () => {
    const made = call({ backchannel }, { answers: ['Fine.'] });
    made.room.says('Mike', 1000, 4600, 'so this is how it is');
    await made.run(8000);
    expect(made.of('utterance.started').map(({ atMs, kind, replyId }) => [atMs, kind, replyId])).toEqual([
      [2100, 'backchannel', null],
      [3100, 'backchannel', null],
      [4100, 'backchannel', null],
      [5260, 'reply', 'sarah-r1'],
    ]);
    expect(made.lastMessages).toEqual(['user: so this is how it is']);
  });

  it('counts speech and not the pauses in it, over all turns until the agent is heard', async () => {
    const made = call({ backchannel }, { answers: [{ text: 'Fine.', firstWordMs: 1500 }] });
    // Two stretches of 0.6 s, each a turn to her, whose answers never get to sound.
    made.room.says('Mike', 1000, 1600, 'one').says('Mike', 2200, 2800, 'two').says('Mike', 3400, 4000, 'three');
    await made.run(8000);
    expect(made.of('utterance.started').map(({ atMs, kind }) => [atMs, kind])).toEqual([
      [2680, 'backchannel'],
      [5860, 'reply'],
    ]);
  });

  it('waits for its time again after the agent has spoken', async () => {
    const made = call({ backchannel: { ...backchannel, everyMs: 1200 } }, { answers: ['Fine.'] });
    made.room.says('Mike', 1000, 1900, 'one').says('Mike', 4000, 4900, 'two');
    await made.run(8000);
    expect(made.of('utterance.started').every(({ kind }) => kind === 'reply')).toBe(true);
  });

  it('does not come into the silence after the last word, however long the VAD waits', async () => {
    const made = call({ backchannel }, { settings: { vad: { confidence: 0.5, startSecs: 0.1, stopSecs: 1.5, minVolume: 0 } } });
    made.room.sounds('Mike', 1000, 1900);
    expect((await made.run(8000)).of('utterance.started')).toEqual([]);
  });

  it('never comes with a chance of nothing', async () => {
    const made = call({ backchannel: { ...backchannel, chance: 0 } });
    made.room.sounds('Mike', 1000, 9000);
    expect((await made.run(9000)).of('utterance.started')).toEqual([]);
  });

  it('gives way to a reply if it has not begun to sound, and does not hold it up', async () => {
    const made = call({ backchannel: { ...backchannel, everyMs: 800 } }, { answers: ['Fine.'], voice: { singing: (text) => (text === 'mm-hm' ? 'stalls' : 'whole') } });
    made.room.says('Mike', 1000, 1900, 'one');
    await made.run(8000);
    expect(made.lines('tts.cancelled', ...SAID)).toEqual([
      '2150 sarah-t1 by strategy: one',
      '2150 tts.cancelled',
      '2150 sarah-r1 started: turn',
      '2760 reply whole: Fine.',
      '2760 sarah-r1 completed: Fine.',
    ]);
  });

  it('is cut with the call', async () => {
    const made = call({ backchannel });
    made.room.sounds('Mike', 1000, 9000);
    await made.run(2200);
    expect(made.of('utterance.stopped')).toMatchObject([{ kind: 'backchannel', cut: true }]);
    const silent = call({ backchannel });
    silent.room.sounds('Mike', 1000, 9000);
    expect((await silent.run(2050)).of('tts.cancelled').length).toBe(1);
  });

  it('is not said once the peer ends the call, nor over an own reply', async () => {
    const ending = call({ backchannel });
    ending.room.message(500, 'Mike', { type: 'call_ending' }).sounds('Mike', 1000, 5000);
    expect((await ending.run(5000)).of('utterance.started')).toEqual([]);
    const speaking = call({ backchannel }, { settings: { interruptible: false }, answers: ['and so on and so on and so on and so on.'] });
    speaking.room.says('Mike', 1000, 1500, 'one').says('Mike', 2000, 4000, 'two');
    await speaking.run(4500);
    expect(speaking.of('utterance.started').map(({ kind }) => kind)).toEqual(['reply']);
  });
});

it.each(['tic', 'aside'] as const)('a %s is said like a backchannel, under its own name', async (kind) => {
  const made = call({ [kind]: { everyMs: 1000, words: ['what'], chance: 1 } });
  made.room.sounds('Mike', 1000, 2500);
  expect((await made.run(2500)).of('utterance.started')).toMatchObject([{ kind, replyId: null }]);
});

describe('a barge-in', () => {
  const answers = ['Hold on a moment please.', 'Fine.'];

  it('on words begins when an interim text holds them, and uses up what was said so far', async () => {
    const made = call({ bargeIn: { on: (text) => /ten dollars/.test(text), chance: 1 } }, { answers });
    made.room.sounds('Mike', 1000, 3600).interim(1800, 'Mike', 'it costs', { startMs: 1000 }).interim(2200, 'Mike', 'it costs ten dollars', { startMs: 1000 });
    made.room.text(3850, 'Mike', 'it costs ten dollars a month and then', { startMs: 1000, endMs: 3600 }).says('Mike', 5000, 6000, 'yes');
    await made.run(9000);
    expect(made.lines(...SAID)).toEqual([
      '2200 sarah-t1 by barge_in: it costs ten dollars',
      '2200 sarah-r1 started: barge_in',
      '3640 barge_in whole: Hold on a moment please.',
      '3640 sarah-r1 completed: Hold on a moment please.',
      '6250 sarah-t2 by strategy: a month and then yes',
      '6250 sarah-r2 started: turn',
      '6860 reply whole: Fine.',
      '6860 sarah-r2 completed: Fine.',
    ]);
    expect(made.brain.asked[0]?.request.cause).toBe('barge_in');
    expect(made.lastMessages).toEqual(['user: it costs ten dollars', 'assistant: Hold on a moment please.', 'user: a month and then yes']);
  });

  it('after a time needs no words', async () => {
    const made = call({ bargeIn: { afterMs: 1500, chance: 1 } }, { answers });
    made.room.sounds('Mike', 1000, 4000);
    await made.run(4500);
    expect(made.lines('turn.stopped', 'reply.started')).toEqual(['2500 sarah-t1 by barge_in: ', '2500 sarah-r1 started: barge_in']);
    expect(made.lastMessages).toEqual([]);
  });

  it('holds though the peer pauses and goes on before it sounds', async () => {
    const made = call({ bargeIn: { afterMs: 500, chance: 1 } }, { answers: [{ text: 'Hold on.', firstWordMs: 1500 }, 'Fine.'] });
    made.room.sounds('Mike', 1000, 1800).sounds('Mike', 2200, 3800).text(4050, 'Mike', 'one two three', { startMs: 1000, endMs: 3800 });
    await made.run(9000);
    expect(made.lines('reply.started', 'reply.stopped')).toEqual(['1500 sarah-r1 started: barge_in', '3520 sarah-r1 completed: Hold on.']);
  });

  it('yields to a peer who speaks up again once it sounds', async () => {
    const made = call({ bargeIn: { on: (text) => text === 'well', chance: 1 } }, { answers: ['Hold on a moment please my friend.', 'Fine.'] });
    made.room.interim(1500, 'Mike', 'well', { startMs: 1000 });
    made.room.sounds('Mike', 1000, 2200).says('Mike', 2600, 3600, 'let me finish');
    await made.run(9000);
    expect(made.lines('reply.started', 'reply.stopped')).toEqual([
      '1500 sarah-r1 started: barge_in',
      '2700 sarah-r1 interrupted: Hold on a',
      '3850 sarah-r2 started: turn',
      '4460 sarah-r2 completed: Fine.',
    ]);
  });

  it('against a peer who talks on is said whole, and then the peer is heard again', async () => {
    const made = call({}, { answers: ['Hold on.', 'Fine.'] });
    made.room.sounds('Mike', 1000, 6000).interim(1400, 'Mike', 'one two', { startMs: 1000 }).text(2400, 'Mike', 'one two three', { startMs: 1000, endMs: 2200 });
    made.room.text(6100, 'Mike', 'four five', { startMs: 2300, endMs: 5900 });
    made.brain.manners = { bargeIn: { afterMs: 500, chance: 1 } };
    made.room.at(2000, () => (made.brain.manners = {}));
    await made.run(9000);
    expect(made.lines('turn.started', 'turn.stopped', 'reply.started', 'reply.stopped')).toEqual([
      '1100 sarah-t1 by vad',
      '1500 sarah-t1 by barge_in: one two',
      '1500 sarah-r1 started: barge_in',
      '2320 sarah-r1 completed: Hold on.',
      '2400 sarah-t2 by transcript',
      '6220 sarah-t2 by strategy: three four five',
      '6220 sarah-r2 started: turn',
      '6820 sarah-r2 completed: Fine.',
    ]);
  });

  it('is planned once for as long as the peer holds the floor', async () => {
    for (const chance of [0, 1]) {
      const made = call({}, { answers });
      made.brain.manners = { bargeIn: { afterMs: 1200, chance } };
      made.room.says('Mike', 1000, 1800, 'one').says('Mike', 2200, 5000, 'two');
      await made.run(5000);
      expect(made.lines('reply.started').filter((line) => line.endsWith('barge_in'))).toEqual(chance === 0 ? [] : ['2580 sarah-r2 started: barge_in']);
    }
  });

  it('happens once, and not again while the peer goes on', async () => {
    const made = call({ bargeIn: { afterMs: 500, chance: 1 } }, { answers: ['Wait.'] });
    made.room.sounds('Mike', 1000, 9000);
    await made.run(9000);
    expect(made.of('reply.started').length).toBe(1);
  });

  it('waits until the agent is silent itself', async () => {
    const made = call({ bargeIn: { afterMs: 500, chance: 1 } }, { settings: { interruptible: false, goesFirst: true }, answers: ['Hello there my dear friend.', 'Wait.'] });
    made.room.sounds('Mike', 200, 5000);
    await made.run(5000);
    expect(made.lines('reply.started', 'reply.stopped')).toEqual([
      '0 sarah-r1 started: kickoff',
      '1440 sarah-r1 completed: Hello there my dear friend.',
      '1940 sarah-r2 started: barge_in',
      '2540 sarah-r2 completed: Wait.',
    ]);
  });
});
