import { expect, test } from 'vitest';
import { sinceMs } from './since.ts';

test('a while ago, or a moment', () => {
  const nowMs = Date.UTC(2026, 0, 31, 9);
  expect(['30s', '10m', '1.5h', '2d'].map((text) => nowMs - sinceMs(text, nowMs))).toEqual([30_000, 600_000, 5_400_000, 172_800_000]);
  expect(sinceMs('2026-01-31T08:59:00Z', nowMs)).toBe(nowMs - 60_000);
  for (const bad of ['yesterday', '10', '5 weeks', '2026', '2026-13-01']) expect(() => sinceMs(bad, nowMs)).toThrow(/^--since: .* is no time/);
});
