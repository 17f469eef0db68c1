import { describe, expect, it } from 'vitest';
import { AgentCall } from '../testing/agent-call.ts';
import { containsName, dropReason } from './transcript-filter.ts';

const said = (text: string, participant = 'mike-1') => ({ participant, text, final: true, startMs: 0, endMs: 1 });

describe('own echo', () => {
  it('is told by the seat, and by every seat that the agent has had', () => {
    const hearer = { name: 'Ann', seats: new Set(['ann-1', 'ann-2']), addressedOnly: false };
    expect(dropReason(said('hello', 'ann-1'), hearer)).toBe('own_echo');
    expect(dropReason(said('hello', 'ann-2'), hearer)).toBe('own_echo');
    expect(dropReason(said('hello', 'ann-3'), hearer)).toBeUndefined();
    expect(dropReason(said('hello'), hearer)).toBeUndefined();
  });

  it('is never answered', async () => {
    const call = new AgentCall({ settings: { goesFirst: false } });
    call.room.enters(0, 'Mike').text(1000, 'Sarah-seat-1', 'hello there').interim(1500, 'Sarah-seat-1', 'and');
    await call.run(4000);
    expect(call.of('turn.started')).toEqual([]);
    expect(call.of('transcript.dropped')).toMatchObject([{ agent: 'Sarah', text: 'hello there', reason: 'own_echo' }]);
  });
});

describe('an agent that hears only what is addressed to it', () => {
  it.each([
    ['Ann', 'ann are you there', true],
    ['Ann', 'hello, ANN!', true],
    ['Ann', "that is ann's", true],
    ['Ann', 'anna are you there', false],
    ['Ann', 'the plan is joann', false],
    ['Ann', 'a new ann_2', false],
    ['C++', 'hey C++ listen', true],
    ['C++', 'hey c listen', true],
    ['C++', 'hey cc listen', false],
    ['Dr.', 'dr. can you', true],
    ['Dr.', 'dr can you', true],
    ['Dr.', 'drive on', false],
    ['Mary Ann', 'hello mary ann', true],
    ['Mary Ann', 'hello mary', false],
    ['Dr. No', 'so dr no what now', true],
    ['Zoë', 'hi zoë', true],
    ['Zoë', 'hi zoëlle', false],
    ['李', '李 你好', true],
    ['(a|b)*', 'a b', true],
    ['(a|b)*', 'x', false],
    ['!!', 'nobody', false],
  ])('called %s: "%s" %s', (name, text, hears) => {
    expect(dropReason(said(text), { name, seats: new Set(), addressedOnly: true })).toBe(hears ? undefined : 'not_addressed');
  });

  it('hears everything otherwise', () => {
    expect(dropReason(said('anything'), { name: 'Ann', seats: new Set(), addressedOnly: false })).toBeUndefined();
  });

  it('neither answers what is not, nor says that it did not catch it', async () => {
    const call = new AgentCall({ settings: { goesFirst: false, addressedOnly: true } });
    call.brain.answersUnheard = true;
    call.room.enters(0, 'Mike').says('Mike', 1000, 2000, 'did you see that').says('Mike', 6000, 7000, 'sarah did you');
    await call.run(9000);
    expect(call.of('transcript.dropped')).toMatchObject([{ text: 'did you see that', reason: 'not_addressed' }]);
    expect(call.lines('context.appended')).toContain('7250 user: sarah did you');
    expect(call.of('reply.started').length).toBe(1);
  });
});

it.each([
  ['Mike (bot)', 'Mike', true],
  ['Mike', 'mike', true],
  ['Mikey', 'Mike', false],
  ['C#', 'C++', false],
  ['C++ (bot)', 'C++', true],
])('the display name "%s" holds "%s": %s', (text, name, holds) => {
  expect(containsName(text, name)).toBe(holds);
});
