/** Durations as people write them: a number of seconds, or 500ms, 1.5s, 10m. */
import { UsageError } from '../base/errors.ts';

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60 };

/** Seconds. Throws a UsageError on text that is no duration. */
export function durationSeconds(value: number | string): number {
  if (typeof value === 'number') return value;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(value.trim());
  if (!match) throw new UsageError(`"${value}" is not a duration`, 'write 500ms, 1.5s or 10m');
  // 9ms are 0.009 s, and stand in the log as that.
  return Number((Number(match[1]) * (SECONDS_PER_UNIT[match[2] ?? 's'] as number)).toPrecision(12));
}
