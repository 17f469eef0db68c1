import { describe, expect, it } from 'vitest';
import { AgentCall, type AgentCallOptions } from '../testing/agent-call.ts';
import { announcedEnd } from './farewell.ts';

const END = [{ name: 'end_conversation' }];
const GOODBYE = 'Thank you for your time. Goodbye.';
const WHAT = ['call.ending', 'reply.started', 'reply.stopped', 'participant.left'] as const;

/** Mike says something until 2000 ms; Sarah's first answer begins at 2250 ms and sounds from about 2680 ms on. */
function call(options: AgentCallOptions): AgentCall {
  const made = new AgentCall({ ...options, settings: { goesFirst: false, ...options.settings } });
  made.room.enters(0, 'Mike').says('Mike', 1000, 2000, 'thank you');
  return made;
}

describe('end_conversation', () => {
  it('ends the call after the goodbye that came with it', async () => {
    const made = await call({ answers: [{ text: 'Thanks Mike, goodbye.', calls: END }] }).run(20_000);
    expect(made.lines('tool.answered', ...WHAT)).toEqual([
      '2250 sarah-r1 started: turn',
      '2570 end_conversation answered: {"status":"ending"}',
      '2570 call.ending',
      '3280 sarah-r1 completed: Thanks Mike, goodbye.',
      '5280 participant.left',
      '20000 participant.left',
    ]);
    expect(made.endedBy).toBe('end_conversation');
    expect(made.brain.asked.length).toBe(1);
    expect(made.room.messages).toEqual([{ type: 'call_ending', ended_by: 'end_conversation' }]);
  });

  it.each([
    ['after words that are none', [{ text: 'We take care of that.', calls: END }], 'We take care of that.'],
    ['instead of no words at all', [{ calls: END }], ''],
  ])('says goodbye first if that is owed: %s', async (_title, answers, heard) => {
    const made = await call({ answers }).run(20_000);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'completed', heard }, { outcome: 'completed', heard: GOODBYE }]);
    expect(made.of('reply.started')[1]).toMatchObject({ cause: 'goodbye', turnId: null });
    expect(made.of('participant.left')[0]?.atMs).toBe((made.of('reply.stopped')[1]?.atMs ?? 0) + 2000);
  });

  it('runs the other tools of the same breath and waits for none', async () => {
    const tools = [{ name: 'book', description: 'Books.', parameters: {}, delayMs: 60_000, answer: () => ({ result: 1, failed: false }) }];
    const made = await call({ settings: { tools }, answers: [{ text: 'Bye.', calls: [{ name: 'book' }, ...END] }] }).run(20_000);
    expect(made.lines('tool.called', 'tool.answered').length).toBe(4);
    expect(made.of('tool.called')[0]).toMatchObject({ name: 'book' });
    expect(made.of('participant.left')[0]?.atMs).toBeLessThan(6000);
  });

  it('is not undone by a peer who speaks over the goodbye', async () => {
    const made = call({ answers: [{ text: 'We are done here then.', calls: END }] });
    made.room.says('Mike', 2900, 4000, 'wait one more thing').says('Mike', 4600, 7000, 'hello hello');
    await made.run(20_000);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'completed', heard: 'We are done here then.' }, { outcome: 'completed', heard: GOODBYE }]);
    expect(made.brain.asked.length).toBe(1);
  });

  it('is not undone by late text before the goodbye has begun', async () => {
    const made = call({ answers: [{ text: 'Goodbye.', calls: END }], voice: { firstByteMs: 600 } });
    made.room.text(2800, 'Mike', 'and one more', { endMs: 1900 });
    await made.run(20_000);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'completed', heard: 'Goodbye.' }]);
  });

  it('does not depend on an answer', async () => {
    const made = await call({ answers: [{ text: 'Goodbye.', calls: END }] }).run(20_000);
    expect(made.endedBy).toBe('end_conversation');
  });

  it('has an end, however long the goodbye is', async () => {
    const made = await call({ answers: [{ text: `${'and on '.repeat(60)}goodbye.`, calls: END }] }).run(30_000);
    const endingMs = made.of('call.ending')[0]?.atMs ?? 0;
    expect(made.of('participant.left')[0]?.atMs).toBe(endingMs + 15_000);
    expect(made.of('utterance.stopped')[0]).toMatchObject({ cut: true });
    expect(made.endedBy).toBe('end_conversation');
  });

  it('ends even with a voice that has failed', async () => {
    const made = await call({ answers: [{ text: 'Well then.', calls: END }], voice: { singing: () => 'empty' } }).run(20_000);
    expect(made.endedBy).toBe('end_conversation');
  });

  it('has no say while the model still writes: an interruption leaves the call on', async () => {
    const made = call({ answers: [{ text: 'Thank you. Goodbye my dear friend.', wordMs: 400, calls: END }, 'Sure.'] });
    made.room.says('Mike', 3200, 4000, 'wait');
    await made.run(20_000);
    expect(made.of('call.ending')).toEqual([]);
    expect(made.of('reply.stopped').at(-1)).toMatchObject({ heard: 'Sure.' });
  });
});

describe('an end from outside', () => {
  it('lets what sounds be said', async () => {
    const made = call({ answers: ['It is ten dollars.'] });
    made.room.at(3000, () => made.agent.end('goodbye'));
    await made.run(20_000);
    expect(made.lines(...WHAT)).toEqual(['2250 sarah-r1 started: turn', '3000 call.ending', '3480 sarah-r1 completed: It is ten dollars.', '5480 participant.left', '20000 participant.left']);
    expect(made.endedBy).toBe('goodbye');
  });

  it('drops what does not sound yet', async () => {
    const made = call({ answers: ['It is ten dollars.'] });
    made.room.at(2400, () => made.agent.end('goodbye'));
    await made.run(20_000);
    expect(made.lines(...WHAT)).toEqual(['2250 sarah-r1 started: turn', '2400 call.ending', '2400 sarah-r1 abandoned: ', '4400 participant.left', '20000 participant.left']);
  });

  it('comes once', async () => {
    const made = call({ answers: ['It is ten dollars.'] });
    made.room.at(3000, () => made.agent.end('goodbye')).at(3100, () => made.agent.end('max_turns'));
    await made.run(20_000);
    expect(made.of('call.ending').length).toBe(1);
    expect(made.endedBy).toBe('goodbye');
  });

  it('may be at once, in the middle of a word', async () => {
    const made = call({ answers: ['It is ten dollars.'] });
    made.room.at(3000, () => made.agent.stop('call over'));
    await made.run(20_000);
    expect(made.lines('utterance.stopped', ...WHAT)).toEqual([
      '2250 sarah-r1 started: turn',
      '3000 reply cut: It',
      '3000 sarah-r1 interrupted: It',
      '3000 participant.left',
      '20000 participant.left',
    ]);
    expect(made.room.leftBecause).toBe('call over');
    expect(made.endedBy).toBeUndefined();
  });
});

describe('a peer that ends the call', () => {
  const ending = { type: 'call_ending', ended_by: 'end_conversation' };

  it('is not answered any more, and followed when it leaves', async () => {
    const made = call({ answers: ['Bye.'] });
    made.room.message(4000, 'Mike', ending).says('Mike', 4100, 5000, 'goodbye then').leaves(7000, 'Mike');
    await made.run(20_000);
    expect(made.of('reply.started').length).toBe(1);
    expect(made.lines('context.appended').at(-1)).toBe('5250 user: goodbye then');
    expect(made.endedBy).toBe('end_conversation');
    expect(made.of('grace.started')).toEqual([]);
    expect(made.of('participant.left')[1]?.atMs).toBe(7000);
  });

  it('still gets the answer that is being made ready', async () => {
    const made = call({ answers: ['It is ten dollars.'] });
    made.room.message(2400, 'Mike', ending);
    await made.run(20_000);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'completed', heard: 'It is ten dollars.' }]);
  });

  it('must be an agent: a guest ends nothing', async () => {
    const made = call({ answers: ['It is ten dollars.'] });
    made.room.enters(100, 'Somebody').message(500, 'Somebody', ending);
    await made.run(20_000);
    expect(made.of('reply.stopped').length).toBe(1);
  });
});

it.each([
  [{ type: 'call_ending', ended_by: 'goodbye' }, 'goodbye'],
  [{ type: 'call_ending', ended_by: 'whatever' }, 'hangup'],
  [{ type: 'call_ending' }, 'hangup'],
  [{ type: 'metrics' }, undefined],
  ['call_ending', undefined],
  [null, undefined],
])('an app message %j announces %s', (message, endedBy) => {
  expect(announcedEnd(message)).toBe(endedBy);
});
