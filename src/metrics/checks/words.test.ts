/** Words that were heard while the other one held the floor: they are in no turn, and were said all the same. */
import { expect, test } from 'vitest';
import { LogBuilder } from '../../testing/log-builder.ts';
import { foldAll } from '../run-fold.ts';
import type { CheckKind, Finding } from './check.ts';
import { judgeWords } from './words.ts';

/** Mike bursts in and out again while Sarah goes on, and hums an answer before he has one. */
const fold = foldAll(
  new LogBuilder()
    .says('Sarah', { fromMs: 0, toMs: 6000, text: 'Let me tell you all about our channels today.' })
    .says('Mike', { fromMs: 2000, toMs: 3000, text: 'You damned liar.', kind: 'barge_in', transcribed: 'you darned liar' })
    .says('Mike', { fromMs: 4000, toMs: 4400, text: 'Splendid.', kind: 'backchannel' })
    .says('Mike', { fromMs: 7000, toMs: 8000, text: 'No thanks.' })
    .says('Sarah', { fromMs: 9000, toMs: 10_000, text: 'Goodbye then.' })
    .at(11_000, { type: 'run.ended', endedBy: 'end_conversation', agent: 'Sarah' })
    .build(),
);

const anywhere = { by: 'Mike', withinTurn: null, source: 'speech' } as const;
type Contains = Extract<CheckKind, { kind: 'contains' }>;
const contains = (phrase: string, more: Partial<Contains> = {}): Finding =>
  judgeWords({ kind: 'contains', phrases: [phrase], wanted: true, ...anywhere, ...more }, fold);

test('what must never be said is found there', () => {
  const seen = { outcome: 'failed', saw: 'during turn 1, Mike: "You damned liar."', place: { turn: 1, agent: 'Mike', atMs: 2000 } };
  expect(contains('damned', { wanted: false })).toEqual(seen);
  expect(judgeWords({ kind: 'matches', pattern: 'damn', wanted: false, ...anywhere }, fold)).toEqual(seen);
  expect(contains('damned', { wanted: false, withinTurn: 1 })).toEqual(seen);
  expect(contains('damned', { wanted: false, by: 'Sarah' }).outcome).toBe('held');
  expect(contains('splendid', { wanted: false }).outcome).toBe('failed');
});

test('and so is what has to be said, but for signs of listening', () => {
  expect(contains('damned').outcome).toBe('held');
  expect(judgeWords({ kind: 'in_order', phrases: ['damned', 'goodbye'], ...anywhere, by: null }, fold).outcome).toBe('held');
  expect(contains('splendid')).toMatchObject({ outcome: 'failed', saw: 'not said in 1 turn of Mike' });
});

test('and what the room made of it', () => {
  expect(contains('darned', { wanted: false, source: 'transcript' })).toMatchObject({ outcome: 'failed', saw: 'during turn 1, Mike: "you darned liar"' });
});

test('what became no text was not shown to lack a word', () => {
  const log = new LogBuilder().says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello.' }).says('Mike', { fromMs: 3000, toMs: 4000, text: 'Damned.', transcribed: '' });
  const silent = foldAll(log.at(9000, { type: 'run.ended', endedBy: 'inactivity' }).build());
  const check = { kind: 'contains', phrases: ['damned'], wanted: false, ...anywhere, source: 'transcript' } as const;
  expect(judgeWords(check, silent)).toEqual({ outcome: 'not_reached', saw: 'no word of Mike was transcribed' });
  expect(judgeWords({ ...check, by: null }, silent).outcome).toBe('held');
});

test('who said nothing that counts was never there to be judged', () => {
  expect(contains('sorry', { wanted: false, withinTurn: 1 })).toEqual({ outcome: 'not_reached', saw: 'Mike never spoke up to turn 1' });
});
