import { describe, expect, it } from 'vitest';
import { AgentCall, type AgentCallOptions } from '../testing/agent-call.ts';
import type { AgentSettings, MockedTool } from './settings.ts';

function tool(name: string, delayMs: number, answer: MockedTool['answer'] = () => ({ result: `${name} says yes`, failed: false })): MockedTool {
  return { name, description: `Asks ${name}.`, parameters: { type: 'object' }, delayMs, answer };
}

const TOOLS = [
  tool('clock', 500),
  tool('slow', 3000),
  tool('at_once', 0),
  tool('sum', 100, ({ a, b }) => ({ result: Number(a) + Number(b), failed: false })),
  tool('broken', 100, () => ({ result: 'out of order', failed: true })),
];

/** Mike says something until 2000 ms; Sarah's first answer begins at 2250 ms. */
function call(answers: AgentCallOptions['answers'] & object, settings: Partial<AgentSettings> = {}): AgentCall {
  const made = new AgentCall({ answers, settings: { goesFirst: false, tools: TOOLS, ...settings } });
  made.room.enters(0, 'Mike').says('Mike', 1000, 2000, 'what is it');
  return made;
}

const wants = (...names: readonly string[]) => names.map((name) => ({ name }));

it('offers the tools of the agent, and the end of the call to who may end it', async () => {
  const may = await call(['Hi.']).run(4000);
  const mayNot = await call(['Hi.'], { endsConversation: false }).run(4000);
  expect(may.brain.asked[0]?.request.tools.map(({ name }) => name)).toEqual(['clock', 'slow', 'at_once', 'sum', 'broken', 'end_conversation']);
  expect(mayNot.brain.asked[0]?.request.tools.map(({ name }) => name)).not.toContain('end_conversation');
});

describe('a call', () => {
  it('is answered after its delay, and the model goes on from there', async () => {
    const made = await call([{ text: 'Let me see.', calls: wants('clock') }, 'It is nine.']).run(9000);
    expect(made.lines('tool.called', 'tool.answered', 'reply.started', 'reply.stopped')).toEqual([
      '2250 sarah-r1 started: turn',
      '2570 tool.called',
      '3070 clock answered: "clock says yes"',
      '3280 sarah-r1 completed: Let me see.',
      '3280 sarah-r2 started: tool_result',
      '4300 sarah-r2 completed: It is nine.',
    ]);
    expect(made.brain.asked[1]?.request.cause).toBe('tool_result');
    expect(made.lastMessages).toEqual(['user: what is it', 'assistant: Let me see.', 'tool_call: clock', 'tool_result: clock']);
  });

  it('without words is answered as soon as the tool has', async () => {
    const made = await call([{ calls: wants('at_once') }, 'It is nine.']).run(9000);
    expect(made.lines('tool.answered', 'reply.started', 'reply.stopped')).toEqual([
      '2250 sarah-r1 started: turn',
      '2550 sarah-r1 completed: ',
      '2550 at_once answered: "at_once says yes"',
      '2550 sarah-r2 started: tool_result',
      '3580 sarah-r2 completed: It is nine.',
    ]);
  });

  it('of several tools is answered when the last has, and their answers stand behind the calls', async () => {
    const made = await call([{ text: 'Moment.', calls: wants('slow', 'at_once', 'clock') }, 'All done.']).run(9000);
    expect(made.lines('tool.answered').map((line) => line.split(' ')[1])).toEqual(['at_once', 'clock', 'slow']);
    expect(made.of('reply.started')[1]?.atMs).toBe(made.of('tool.answered')[2]?.atMs);
    expect(made.lastMessages).toEqual([
      'user: what is it',
      'assistant: Moment.',
      'tool_call: slow',
      'tool_call: at_once',
      'tool_call: clock',
      'tool_result: at_once',
      'tool_result: clock',
      'tool_result: slow',
    ]);
  });

  it.each([
    ['gives the tool its arguments', { name: 'sum', arguments: { a: 2, b: 3 } }, 5, false],
    ['may fail', { name: 'broken' }, 'out of order', true],
    ['of an unknown tool is answered too', { name: 'nothing' }, 'there is no tool named nothing', true],
    ['of end_conversation is an unknown one to who may not end the call', { name: 'end_conversation' }, 'there is no tool named end_conversation', true],
  ])('%s', async (_title, wanted, result, failed) => {
    const made = await call([{ calls: [wanted] }, 'So it is.'], { endsConversation: false }).run(9000);
    expect(made.of('tool.answered')).toMatchObject([{ result, failed }]);
    expect(made.brain.asked[1]?.request.messages.at(-1)).toMatchObject({ role: 'tool_result', result: failed ? { error: result } : result });
    expect(made.of('reply.stopped').at(-1)).toMatchObject({ heard: 'So it is.' });
  });

  it('may lead to the next one', async () => {
    const made = await call([{ calls: wants('clock') }, { text: 'And now.', calls: wants('at_once') }, 'All done.']).run(9000);
    expect(made.lastMessages).toEqual(['user: what is it', 'tool_call: clock', 'tool_result: clock', 'assistant: And now.', 'tool_call: at_once', 'tool_result: at_once']);
  });
});

describe('speech of the peer while a tool works', () => {
  it('calls it off; what is said is answered instead', async () => {
    const made = call([{ text: 'Moment.', calls: wants('slow') }, 'Fine then.']);
    made.room.says('Mike', 3500, 4500, 'never mind');
    await made.run(9000);
    expect(made.lines('tool.answered', 'reply.started')).toEqual(['2250 sarah-r1 started: turn', '3600 slow failed: "CANCELLED"', '4750 sarah-r2 started: turn']);
    expect(made.lastMessages).toEqual(['user: what is it', 'assistant: Moment.', 'tool_call: slow', 'tool_result: slow', 'user: never mind']);
  });

  it('of which no word came is no reason to leave the question unanswered', async () => {
    const made = call([{ text: 'Moment.', calls: wants('slow') }, 'Sorry, it is nine.']);
    made.room.sounds('Mike', 3500, 3800);
    await made.run(9000);
    expect(made.lines('tool.answered', 'reply.started').slice(1)).toEqual(['3600 slow failed: "CANCELLED"', '6020 sarah-r2 started: turn']);
  });

  it('makes its answer wait if the agent cannot be interrupted, and one reply answers both', async () => {
    const made = call([{ text: 'Moment.', calls: wants('slow') }, 'It is nine.'], { interruptible: false });
    made.room.says('Mike', 5000, 6500, 'or ten');
    await made.run(12_000);
    expect(made.lines('tool.answered', 'turn.stopped', 'reply.started').slice(2)).toEqual([
      '5550 slow answered: "slow says yes"',
      '6750 sarah-t2 by strategy: or ten',
      '6750 sarah-r2 started: turn',
    ]);
    expect(made.lastMessages).toEqual(['user: what is it', 'assistant: Moment.', 'tool_call: slow', 'tool_result: slow', 'user: or ten']);
    expect(made.of('reply.started').length).toBe(2);
  });

  it('that was over before waits for the tool', async () => {
    const made = call([{ text: 'Moment.', calls: wants('slow') }, 'It is nine.'], { interruptible: false });
    made.room.says('Mike', 3300, 3900, 'or ten');
    await made.run(12_000);
    expect(made.lines('reply.started').slice(1)).toEqual(['5550 sarah-r2 started: tool_result']);
    expect(made.lastMessages).toEqual(['user: what is it', 'assistant: Moment.', 'tool_call: slow', 'tool_result: slow', 'user: or ten']);
  });
});

it('leaves no call open when the call ends', async () => {
  const made = await call([{ text: 'Moment.', calls: wants('slow', 'clock') }]).run(3000);
  expect(made.of('tool.answered')).toMatchObject([{ result: 'CANCELLED' }, { result: 'CANCELLED' }]);
});
