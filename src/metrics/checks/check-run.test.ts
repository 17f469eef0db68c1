/** Every kind of expectation against a call made by hand, met and not met, each with what was seen and where. */
import { describe, expect, test } from 'vitest';
import { LogBuilder } from '../../testing/log-builder.ts';
import { foldAll } from '../run-fold.ts';
import { metricsOf } from '../run-metrics.ts';
import type { CheckKind, CheckResult } from './check.ts';
import { checkRun } from './check-run.ts';
import { readGate } from './gate.ts';

/** Sarah greets, Mike asks for a refund, Sarah looks it up and grants it. */
const fold = foldAll(
  new LogBuilder()
    .says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello, this is Blue Finch.', transcribed: 'hello this is blue fins' })
    .says('Mike', { fromMs: 2500, toMs: 4000, text: "I'd like a refund for order seven." })
    .at(5000, { type: 'reply.started', agent: 'Sarah', replyId: 'refund', turnId: null, cause: 'turn', kind: 'reply' })
    .at(5000, { type: 'tool.called', agent: 'Sarah', replyId: 'refund', callId: 'c1', name: 'look_up', arguments: { order: { id: 7, open: true }, region: 'eu' } })
    .at(5100, { type: 'tool.answered', agent: 'Sarah', replyId: 'refund', callId: 'c1', name: 'look_up', result: 'ok', failed: false })
    .says('Sarah', { fromMs: 6000, toMs: 8000, text: 'Your refund is on its way. Goodbye.', replyId: 'refund' })
    .at(9000, { type: 'run.ended', endedBy: 'end_conversation', agent: 'Sarah' })
    .build(),
);

const anywhere = { by: null, withinTurn: null, source: 'speech' } as const;

function checked(kind: CheckKind): CheckResult {
  const [result] = checkRun([{ ...kind, severity: 'must', line: 3 }], fold, metricsOf(fold));
  if (!result) throw new Error('a check came to nothing');
  return result;
}

const outcomeOf = (kind: CheckKind): string => checked(kind).outcome;
const gate = (text: string): CheckResult => {
  const read = readGate(text);
  if ('mistake' in read) throw new Error(read.mistake);
  return checked({ kind: 'gate', gate: read.gate });
};

describe('words', () => {
  test('are found as whole words, whatever their case and punctuation', () => {
    expect(checked({ kind: 'contains', phrases: ['id like a REFUND', "i'd like a refund"], wanted: true, ...anywhere })).toEqual({
      index: 1,
      severity: 'must',
      line: 3,
      expected: 'somebody says "id like a REFUND" or "i\'d like a refund"',
      outcome: 'held',
      saw: 'turn 2, Mike: "I\'d like a refund for order seven."',
      place: { turn: 2, agent: 'Mike', atMs: 2500 },
      note: null,
    });
    expect(outcomeOf({ kind: 'contains', phrases: ['fund'], wanted: true, ...anywhere })).toBe('failed');
  });

  test('are looked for where, by whom and as early as was asked', () => {
    const refund = { kind: 'contains', phrases: ['refund'], wanted: true } as const;
    expect(checked({ ...refund, ...anywhere, by: 'Sarah' }).place?.turn).toBe(3);
    expect(checked({ ...refund, ...anywhere, by: 'Sarah', withinTurn: 2 })).toMatchObject({ outcome: 'failed', saw: 'not said in 1 turn of Sarah up to turn 2' });
    expect(outcomeOf({ ...refund, phrases: ['Blue Finch'], ...anywhere, source: 'transcript' })).toBe('failed');
    expect(outcomeOf({ ...refund, phrases: ['blue fins'], ...anywhere, source: 'transcript' })).toBe('held');
  });

  test('that must not be said are told with the turn that says them', () => {
    expect(checked({ kind: 'contains', phrases: ['goodbye'], wanted: false, ...anywhere })).toMatchObject({ outcome: 'failed', place: { turn: 3, agent: 'Sarah', atMs: 6000 } });
    expect(outcomeOf({ kind: 'contains', phrases: ['guarantee'], wanted: false, ...anywhere })).toBe('held');
  });

  test('of somebody who never spoke were not reached, wanted or not', () => {
    expect(outcomeOf({ kind: 'contains', phrases: ['x'], wanted: false, ...anywhere, by: 'Mike', withinTurn: 1 })).toBe('not_reached');
  });

  test('match a regular expression turn by turn', () => {
    expect(outcomeOf({ kind: 'matches', pattern: 'refund .* seven', wanted: true, ...anywhere })).toBe('held');
    expect(outcomeOf({ kind: 'matches', pattern: 'finch.*refund', wanted: true, ...anywhere })).toBe('failed');
    expect(outcomeOf({ kind: 'matches', pattern: 'order (six|seven)', wanted: false, ...anywhere })).toBe('failed');
  });

  test('in order have to come one after the other', () => {
    expect(checked({ kind: 'in_order', phrases: ['hello', 'refund', 'goodbye'], ...anywhere })).toMatchObject({ outcome: 'held', saw: 'complete in turn 3' });
    expect(checked({ kind: 'in_order', phrases: ['goodbye', 'hello'], ...anywhere })).toMatchObject({ outcome: 'failed', saw: '"hello" was not said after turn 3' });
    expect(checked({ kind: 'in_order', phrases: ['hello', 'Blue Finch I\'d like'], ...anywhere })).toMatchObject({ outcome: 'failed', saw: '"Blue Finch I\'d like" was not said after turn 1' });
  });
});

describe('how it came out', () => {
  test('the ending', () => {
    expect(checked({ kind: 'ended_by', anyOf: ['goodbye', 'end_conversation'] })).toMatchObject({ outcome: 'held', saw: 'end_conversation (Sarah)' });
    expect(outcomeOf({ kind: 'ended_by', anyOf: ['max_turns'] })).toBe('failed');
  });

  const lookUp = { kind: 'tool', name: 'look_up', wanted: true, by: null, arguments: {}, times: null } as const;

  test('a tool that was called with these arguments, among others', () => {
    expect(checked({ ...lookUp, arguments: { order: { id: 7 } } })).toMatchObject({ outcome: 'held', saw: 'called once', place: { turn: 2, agent: 'Sarah', atMs: 5000 } });
    expect(checked({ ...lookUp, arguments: { order: { id: 8 } } })).toMatchObject({ outcome: 'failed', saw: 'called with {"order":{"id":7,"open":true},"region":"eu"}' });
    expect(checked({ ...lookUp, times: 2 })).toMatchObject({ outcome: 'failed', expected: 'somebody calls look_up, 2 times' });
    expect(checked({ ...lookUp, times: 1 })).toMatchObject({ outcome: 'held', expected: 'somebody calls look_up, 1 time' });
    expect(outcomeOf({ ...lookUp, by: 'Mike' })).toBe('failed');
  });

  test('a tool that must not be called', () => {
    expect(outcomeOf({ ...lookUp, wanted: false })).toBe('failed');
    expect(outcomeOf({ ...lookUp, wanted: false, arguments: { region: 'us' } })).toBe('held');
    // However it is written: a model sends 7 today and "7" tomorrow.
    expect(outcomeOf({ ...lookUp, wanted: false, arguments: { order: { id: '7' } } })).toBe('failed');
    expect(outcomeOf({ ...lookUp, wanted: false, arguments: { order: { open: 'true' } } })).toBe('failed');
    expect(outcomeOf({ ...lookUp, arguments: { order: { id: '7' } } })).toBe('failed');
  });
});

describe('a limit', () => {
  test('is held against the figure, and tells how many values that has', () => {
    expect(gate('response_latency p50 <= 2s for Sarah')).toMatchObject({ outcome: 'held', saw: '2000 ms for Sarah (1 value)' });
    expect(gate('response_latency p50 <= 1999ms for Sarah').outcome).toBe('failed');
    expect(gate('response_latency p50 >= 2001ms for Sarah').outcome).toBe('failed');
  });

  test('that names no agent holds for each, and the worst one is told', () => {
    expect(gate('response_latency max <= 1s')).toMatchObject({ outcome: 'failed', saw: '2000 ms for Sarah (1 value)' });
    expect(gate('replies >= 2')).toMatchObject({ outcome: 'failed', saw: '1 for Mike' });
  });

  test('of the call as a whole, or of one agent', () => {
    expect(gate('turns >= 3')).toMatchObject({ outcome: 'held', saw: '3' });
    expect(gate('turns >= 3 for Mike')).toMatchObject({ outcome: 'failed', saw: '1 for Mike' });
  });

  test('to something that did not happen was not reached', () => {
    expect(gate('yield_latency max <= 600ms for Sarah')).toMatchObject({ outcome: 'not_reached', saw: 'nothing was measured of Sarah' });
  });

  test('to the tail of few values warns', () => {
    expect(gate('response_latency p95 <= 3s for Sarah').note).toBe('P95 of fewer than 20 values says little');
  });
});
