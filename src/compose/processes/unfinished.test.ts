import { expect, test } from 'vitest';
import type { NewEvent } from '../../events/event.ts';
import { Unfinished } from './unfinished.ts';

const agent = 'Ann';
const unfinished = (...events: NewEvent[]): NewEvent[] => {
  const open = new Unfinished();
  for (const event of events) open.event(event);
  return open.endings(agent);
};
const reply = { agent, replyId: 'ann-r1' } as const;
const speech = { agent, utteranceId: 'ann-r1-speech' } as const;
const started: NewEvent = { type: 'reply.started', ...reply, turnId: null, cause: 'kickoff', kind: 'reply' };
const requested: NewEvent = { type: 'llm.requested', ...reply, requestId: 'ann-r1-llm-1', messageCount: 1 };
const asked: NewEvent = { type: 'tts.requested', ...speech, voice: 'clara' };
const sounding: NewEvent = { type: 'utterance.started', ...speech, replyId: 'ann-r1', kind: 'reply' };

test('what has ended by itself is not ended again', () => {
  expect(
    unfinished(
      started,
      requested,
      { type: 'llm.cancelled', ...reply, requestId: 'ann-r1-llm-1' },
      { type: 'reply.stopped', ...reply, outcome: 'abandoned', heard: '', unheard: '' },
      { type: 'grace.started', agent, participant: 'ben-1' },
      { type: 'grace.ended', agent, returned: true },
    ),
  ).toEqual([]);
});

test('what is open ends from the inside out, and of a sound that was cut no word is claimed', () => {
  const call = { ...reply, callId: 'ann-r1-call', name: 'look_up' } as const;
  expect(unfinished(started, requested, { type: 'tool.called', ...call, arguments: {} }, asked, sounding, { type: 'grace.started', agent, participant: 'ben-1' })).toEqual([
    { type: 'llm.cancelled', ...reply, requestId: 'ann-r1-llm-1' },
    { type: 'tool.answered', ...call, result: null, failed: true },
    { type: 'tts.cancelled', ...speech },
    { type: 'utterance.stopped', ...speech, replyId: 'ann-r1', kind: 'reply', words: [], cut: true },
    { type: 'reply.stopped', ...reply, outcome: 'interrupted', heard: '', unheard: '' },
    { type: 'grace.ended', agent, returned: false },
  ]);
});

test('a reply of which nothing sounded was abandoned, and one whose sound is over keeps what was heard', () => {
  expect(unfinished(started)).toEqual([{ type: 'reply.stopped', ...reply, outcome: 'abandoned', heard: '', unheard: '' }]);
  const words = [{ text: 'Hello', startMs: 1, endMs: 2 }];
  expect(unfinished(started, sounding, { type: 'utterance.stopped', ...speech, replyId: 'ann-r1', kind: 'reply', words, cut: false })).toEqual([
    { type: 'reply.stopped', ...reply, outcome: 'interrupted', heard: 'Hello', unheard: '' },
  ]);
});

test('a question about a turn that nobody will read the answer of is given up', () => {
  const question = { agent, turnId: 'ann-t1', askId: 'ann-t1-ask-1' } as const;
  expect(unfinished({ type: 'judge.requested', ...question })).toEqual([{ type: 'judge.cancelled', ...question }]);
  expect(unfinished({ type: 'judge.requested', ...question }, { type: 'judge.cancelled', ...question })).toEqual([]);
});
