import { expect, test } from 'vitest';
import type { CheckResult } from '../../metrics/checks/check.ts';
import { sampleCall } from '../../testing/sample-call.ts';
import type { LiveEnding, LiveRun } from '../parts/live-messages.ts';
import { ShownCall } from './shown-call.ts';

const RUN: LiveRun = {
  number: 1,
  id: 'a-run',
  title: 'A call',
  mode: 'embedded',
  scenario: null,
  seed: 1,
  startedEpochMs: 0,
  agents: [],
  expectations: [],
  adjustable: true,
};
const CHECK: CheckResult = { index: 1, severity: 'must', line: null, expected: 'something', outcome: 'held', saw: 'it', place: null, note: null };
const ENDING: LiveEnding = { endedBy: 'goodbye', reason: null, verdict: 'passed', checks: [CHECK], failure: null, report: null, audio: null };

test('shows what was told only when the call is heard so far', () => {
  const call = new ShownCall(RUN);
  for (const event of sampleCall()) call.tell({ kind: 'event', event });
  expect(call.showUntil(1_500)).toBe(true);
  expect(call.view.turns).toHaveLength(1);
  expect(call.view.callMs).toBeLessThanOrEqual(1_500);
  expect(call.showUntil(1_500)).toBe(false);
  call.showUntil(60_000);
  expect(call.view.turns.length).toBeGreaterThan(5);
});

test('shows a verdict with the event that decided it, and the end with the last', () => {
  const call = new ShownCall(RUN);
  const [first, ...rest] = sampleCall();
  call.tell({ kind: 'event', event: first as never });
  for (const event of rest.filter(({ atMs }) => atMs <= 3_000)) call.tell({ kind: 'event', event });
  call.tell({ kind: 'check', check: CHECK });
  for (const event of rest.filter(({ atMs }) => atMs > 3_000)) call.tell({ kind: 'event', event });
  call.tell({ kind: 'ended', ending: ENDING });
  call.showUntil(1_000);
  expect(call.checks.size).toBe(0);
  call.showUntil(5_000);
  expect(call.checks.get(1)).toEqual(CHECK);
  expect(call.ending).toBeNull();
  call.showUntil(Infinity);
  expect(call.ending).toEqual(ENDING);
});
