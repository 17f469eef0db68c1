import { describe, expect, it } from 'vitest';
import { AgentCall, type AgentCallOptions } from '../testing/agent-call.ts';

/**
 * Sarah does not go first here unless a test says so. Mike's speech starts for her about 0.1 s after it began,
 * and has stopped about 0.2 s after it ended; the model needs 0.3 s, the voice 0.1 s, each word 0.2 s.
 */
function call({ settings, ...options }: AgentCallOptions = {}): AgentCall {
  const made = new AgentCall({ ...options, settings: { goesFirst: false, ...settings } });
  made.room.enters(0, 'Mike');
  return made;
}

const REPLIES = ['reply.started', 'reply.stopped'] as const;

describe('a turn', () => {
  it('is answered when it is over', async () => {
    const made = call({ answers: ['Fine.'] });
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'how are you');
    await made.run(5000);
    expect(made.lines('turn.started', 'turn.stopped', ...REPLIES)).toEqual([
      '1100 sarah-t1 by vad',
      '2220 sarah-t1 by strategy: how are you',
      '2220 sarah-r1 started: turn',
      '2820 sarah-r1 completed: Fine.',
    ]);
    expect(made.lastMessages).toEqual(['user: how are you']);
  });

  it('that begins while an answer is made ready or heard stops it, and the agent remembers what was heard', async () => {
    const made = call({ answers: ['It is ten dollars a month.', 'Sorry, yes?', 'Fine.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').says('Mike', 3100, 4000, 'wait').says('Mike', 4300, 5000, 'in euros');
    await made.run(8000);
    expect(made.lines(...REPLIES)).toEqual([
      '2250 sarah-r1 started: turn',
      '3200 sarah-r1 interrupted: It is',
      '4250 sarah-r2 started: turn',
      '4380 sarah-r2 abandoned: ',
      '5250 sarah-r3 started: turn',
      '5860 sarah-r3 completed: Fine.',
    ]);
    expect(made.lastMessages).toEqual(['user: what is it', 'assistant: It is', 'user: wait', 'user: in euros']);
  });

  it('of which no word came is asked about by brains that do so', async () => {
    const made = call({ answers: ['Pardon?'] });
    made.brain.answersUnheard = true;
    made.room.sounds('Mike', 1000, 2000);
    await made.run(8000);
    expect(made.lines('turn.stopped', ...REPLIES)).toEqual(['4220 sarah-t1 by watchdog: ', '4220 sarah-r1 started: turn', '4820 sarah-r1 completed: Pardon?']);
    expect(made.brain.asked[0]?.request.cause).toBe('unheard');
  });

  it.each([
    ['by other brains', {}],
    ['by one that hears only its name', { settings: { addressedOnly: true } }],
  ])('of which no word came is passed over %s', async (title, options) => {
    const made = call(options);
    made.brain.answersUnheard = title !== 'by other brains';
    made.room.sounds('Mike', 1000, 2000).text(2200, 'Mike', '');
    expect((await made.run(8000)).of('reply.started')).toEqual([]);
  });
});

describe('noise', () => {
  it('costs no answer: what it kept from being said is said after it', async () => {
    const made = call({ answers: ['It is ten.', 'It is ten.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').sounds('Mike', 2300, 2500);
    await made.run(8000);
    expect(made.lines('turn.stopped', ...REPLIES)).toEqual([
      '2250 sarah-t1 by strategy: what is it',
      '2250 sarah-r1 started: turn',
      '2380 sarah-r1 abandoned: ',
      '4700 sarah-t2 by watchdog: ',
      '4700 sarah-r2 started: turn',
      '5720 sarah-r2 completed: It is ten.',
    ]);
    expect(made.of('reply.started')[1]?.turnId).toBe('sarah-t1');
  });

  it('does not make it say again what was heard', async () => {
    const made = call({ answers: ['It is ten dollars a month.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').sounds('Mike', 3100, 3400);
    await made.run(9000);
    expect(made.lines(...REPLIES)).toEqual(['2250 sarah-r1 started: turn', '3200 sarah-r1 interrupted: It is']);
  });

  it('does not keep the call from being opened', async () => {
    const made = call({ settings: { goesFirst: true }, answers: ['Hello.'] });
    made.room.sounds('Mike', 100, 400);
    await made.run(9000);
    expect(made.lines(...REPLIES)).toEqual(['0 sarah-r1 started: kickoff', '200 sarah-r1 abandoned: ', '2620 sarah-r2 started: kickoff', '3220 sarah-r2 completed: Hello.']);
    expect(made.lastMessages.length).toBe(1);
  });
});

describe('late text', () => {
  it('before the first sound of the answer makes a new one to all of it', async () => {
    const made = call({ answers: ['First.', 'Second.'] });
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'it costs', { startMs: 1000, endMs: 1500 }).text(2500, 'Mike', 'ten dollars', { startMs: 1500, endMs: 1900 });
    await made.run(6000);
    expect(made.lines('context.amended', ...REPLIES)).toEqual([
      '2220 sarah-r1 started: turn',
      '2500 user amended: it costs ten dollars',
      '2500 sarah-r1 abandoned: ',
      '2500 sarah-r2 started: late_text',
      '3100 sarah-r2 completed: Second.',
    ]);
    expect(made.lastMessages).toEqual(['user: it costs ten dollars']);
    expect(made.of('reply.started')[1]?.turnId).toBe('sarah-t1');
  });

  it('after it joins the next turn and interrupts nothing', async () => {
    const made = call({ answers: ['That is a lot of money.', 'Fine.'] });
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'it costs', { endMs: 1500 }).text(2900, 'Mike', 'ten dollars', { endMs: 1900 });
    made.room.says('Mike', 5000, 6000, 'is it not');
    await made.run(8000);
    expect(made.of('reply.stopped')[0]).toMatchObject({ outcome: 'completed' });
    expect(made.lines('turn.stopped')).toEqual(['2220 sarah-t1 by strategy: it costs', '6250 sarah-t2 by strategy: ten dollars is it not']);
  });

  it('of a turn that was given up without words is answered', async () => {
    const made = call({ answers: ['Fine.'] });
    made.room.sounds('Mike', 1000, 2000).text(5000, 'Mike', 'how are you', { endMs: 1900 });
    await made.run(8000);
    expect(made.lines('turn.stopped', ...REPLIES)).toEqual(['4220 sarah-t1 by watchdog: ', '5000 sarah-r1 started: late_text', '5600 sarah-r1 completed: Fine.']);
  });

  it('never adds to what an earlier turn said', async () => {
    const made = call({ answers: ['Fine.', 'Pardon?', 'Ten.'] });
    made.brain.answersUnheard = true;
    made.room.says('Mike', 1000, 2000, 'how are you').sounds('Mike', 4000, 5000).text(7300, 'Mike', 'what is it', { endMs: 4900 });
    await made.run(9000);
    expect(made.lastMessages).toEqual(['user: how are you', 'assistant: Fine.', 'user: what is it']);
    expect(made.brain.asked.map(({ request }) => request.cause)).toEqual(['turn', 'unheard', 'turn']);
  });

  it('calls off the tools that were called without it', async () => {
    const tools = [{ name: 'look', description: 'Looks.', parameters: {}, delayMs: 3000, answer: () => ({ result: 1, failed: false }) }];
    const made = call({ settings: { tools }, answers: [{ calls: [{ name: 'look' }] }, 'Ten dollars then.'] });
    made.room.sounds('Mike', 1000, 2000).text(2100, 'Mike', 'look for', { endMs: 1500 }).text(3000, 'Mike', 'ten dollars', { endMs: 1900 });
    await made.run(9000);
    expect(made.lines('tool.answered', 'reply.started')).toEqual(['2220 sarah-r1 started: turn', '3000 look failed: "CANCELLED"', '3000 sarah-r2 started: late_text']);
  });
});

describe('an agent that cannot be interrupted', () => {
  const settings = { interruptible: false };

  it('answers after its own speech, once, and remembers its own words first', async () => {
    const made = call({ settings, answers: ['It is ten dollars a month and not a cent more.', 'In euros nine.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').says('Mike', 3000, 3400, 'wait').says('Mike', 3800, 4100, 'in euros');
    await made.run(9000);
    expect(made.lines('reply.deferred', ...REPLIES)).toEqual([
      '2250 sarah-r1 started: turn',
      '3650 reply.deferred',
      '4350 reply.deferred',
      '4960 sarah-r1 completed: It is ten dollars a month and not a cent more.',
      '4960 sarah-r2 started: turn',
      '5980 sarah-r2 completed: In euros nine.',
    ]);
    expect(made.lastMessages).toEqual(['user: what is it', 'assistant: It is ten dollars a month and not a cent more.', 'user: wait', 'user: in euros']);
  });

  it('waits for a peer who is still speaking when it has finished', async () => {
    const made = call({ settings, answers: ['It is ten dollars.', 'Nine.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').says('Mike', 2700, 2900, 'wait').says('Mike', 3200, 5000, 'in euros');
    await made.run(9000);
    expect(made.lines('turn.stopped', ...REPLIES).slice(2)).toEqual([
      '3150 sarah-t2 by strategy: wait',
      '3480 sarah-r1 completed: It is ten dollars.',
      '5250 sarah-t3 by strategy: in euros',
      '5250 sarah-r2 started: turn',
      '5860 sarah-r2 completed: Nine.',
    ]);
  });

  it('answers what had to wait even if the speech after it was noise', async () => {
    const made = call({ settings, answers: ['It is ten dollars.', 'Nine.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').says('Mike', 2700, 2900, 'in euros').sounds('Mike', 3300, 3600);
    await made.run(9000);
    expect(made.lines('reply.started').at(-1)).toBe('5820 sarah-r2 started: turn');
    expect(made.of('reply.started').length).toBe(2);
  });

  it('takes late text into the answer that has not begun', async () => {
    const made = call({ settings, answers: ['It is ten dollars a month.', 'Nine.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').sounds('Mike', 2600, 2900).text(3000, 'Mike', 'in', { endMs: 2700 }).text(3300, 'Mike', 'euros', { endMs: 2900 });
    await made.run(9000);
    expect(made.lastMessages).toEqual(['user: what is it', 'assistant: It is ten dollars a month.', 'user: in euros']);
    expect(made.of('reply.started').length).toBe(2);
  });

  it('does not ask about noise over its own words', async () => {
    const made = call({ settings, answers: ['It is ten dollars a month, and there are no other costs at all, so it is cheap.'] });
    made.brain.answersUnheard = true;
    made.room.says('Mike', 1000, 2000, 'what is it').sounds('Mike', 3000, 3400);
    await made.run(9000);
    expect(made.of('reply.started').length).toBe(1);
  });
});

describe('an agent that asks for words', () => {
  it('talks on over signs of listening and stops for words', async () => {
    const settings = { turn: { stopMs: 1200, timeoutMs: 2000, minWords: 3 } };
    const made = call({ settings, answers: ['It is ten dollars a month, every month of the year.', 'Nine.'] });
    made.room.says('Mike', 1000, 2000, 'what is it').says('Mike', 2900, 3200, 'uh huh');
    made.room.sounds('Mike', 3600, 5000).interim(4000, 'Mike', 'wait').interim(4200, 'Mike', 'wait what about').text(5200, 'Mike', 'wait what about euros', { startMs: 3600, endMs: 5000 });
    await made.run(9000);
    expect(made.lines(...REPLIES)).toEqual([
      '2250 sarah-r1 started: turn',
      '4200 sarah-r1 interrupted: It is ten dollars a month, every',
      '5200 sarah-r2 started: turn',
      '5800 sarah-r2 completed: Nine.',
    ]);
  });
});

describe('the limit of turns', () => {
  it('lets the last reply be said to its end', async () => {
    const made = call({ settings: { maxTurns: 2 }, answers: ['One.', 'And this is two.', 'Three.'] });
    made.room.says('Mike', 1000, 2000, 'a').says('Mike', 3000, 4000, 'b').says('Mike', 6500, 7000, 'c');
    await made.run(20_000);
    expect(made.lines('call.ending', 'participant.left', ...REPLIES)).toEqual([
      '2250 sarah-r1 started: turn',
      '2860 sarah-r1 completed: One.',
      '4250 sarah-r2 started: turn',
      '5480 sarah-r2 completed: And this is two.',
      '5480 call.ending',
      '7480 participant.left',
      '20000 participant.left',
    ]);
    expect(made.endedBy).toBe('max_turns');
  });

  it('leaves one answer to a peer who cut the last one off', async () => {
    const made = call({ settings: { maxTurns: 1 }, answers: ['One and two and three.', 'Four and five.'] });
    made.room.says('Mike', 1000, 2000, 'a').says('Mike', 3000, 4000, 'wait');
    await made.run(20_000);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'interrupted' }, { outcome: 'completed' }]);
    expect(made.lines('call.ending')).toEqual(['5280 call.ending']);
  });

  it('counts a turn with a tool once, and not before the tool has answered', async () => {
    const tools = [{ name: 'look', description: 'Looks.', parameters: {}, delayMs: 2000, answer: () => ({ result: 1, failed: false }) }];
    for (const first of [{ text: 'Let me see.', calls: [{ name: 'look' }] }, { calls: [{ name: 'look' }] }]) {
      const made = call({ settings: { maxTurns: 1, tools }, answers: [first, 'It is one.'] });
      made.room.says('Mike', 1000, 2000, 'a');
      await made.run(20_000);
      expect(made.of('reply.stopped').at(-1)).toMatchObject({ heard: 'It is one.' });
      expect(made.of('call.ending')).toMatchObject([{ endedBy: 'max_turns' }]);
      expect(made.of('call.ending')[0]?.atMs).toBe(made.of('reply.stopped').at(-1)?.atMs);
    }
  });
});
