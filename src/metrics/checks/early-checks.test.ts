import { expect, test } from 'vitest';
import { sampleCall } from '../../testing/sample-call.ts';
import { RunFold } from '../run-fold.ts';
import type { Check } from './check.ts';
import { checkRun } from './check-run.ts';
import { EarlyChecks } from './early-checks.ts';
import { figuresOf } from '../run-figures.ts';

const BASE = { severity: 'must', line: null } as const;
const SPOKEN = { by: null, withinTurn: null, source: 'speech' } as const;

test('what is decided early is decided once, when it happens, and as it is in the end', () => {
  const events = sampleCall();
  const words = events.flatMap((event) => (event.type === 'utterance.stopped' ? event.words.map(({ text }) => text) : []));
  const [first = '', last = ''] = [words[0], words.at(-1)];
  const checks: readonly Check[] = [
    { ...BASE, ...SPOKEN, kind: 'contains', phrases: [first], wanted: true },
    { ...BASE, ...SPOKEN, kind: 'contains', phrases: ['nobody says this'], wanted: true },
    { ...BASE, ...SPOKEN, kind: 'contains', phrases: [first], wanted: false },
    { ...BASE, ...SPOKEN, kind: 'contains', phrases: ['nobody says this'], wanted: false },
    { ...BASE, ...SPOKEN, kind: 'in_order', phrases: [first, last] },
    { ...BASE, ...SPOKEN, kind: 'matches', pattern: '.', wanted: true },
    { ...BASE, ...SPOKEN, kind: 'contains', phrases: [first], wanted: true, source: 'transcript' },
    { ...BASE, ...SPOKEN, kind: 'contains', phrases: [first], wanted: true, withinTurn: 1 },
    { ...BASE, kind: 'tool', name: 'none', wanted: true, by: null, arguments: {}, times: null },
    { ...BASE, kind: 'ended_by', anyOf: ['goodbye'] },
  ];
  const early = new EarlyChecks(checks);
  const fold = new RunFold();
  const told = events.flatMap((event) => {
    fold.event(event);
    return early.event(event, fold).map(({ index, outcome }) => ({ index, outcome, seq: event.seq }));
  });
  expect(told.map(({ index }) => index)).toEqual([1, 3, 5]);
  expect(new Set(told.map(({ seq }) => seq)).size).toBe(2);
  const final = checkRun(checks, fold, figuresOf(fold));
  for (const { index, outcome } of told) expect(final[index - 1]?.outcome).toBe(outcome);
});
