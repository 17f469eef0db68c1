/** "Since when", as people say it: a while ago, or a moment. */
import { UsageError } from '../../base/errors.ts';

const MS_PER_UNIT: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds since the epoch. Throws a UsageError for what is neither. */
export function sinceMs(text: string, epochMs: number): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? [];
  if (amount !== undefined && unit !== undefined) return epochMs - Number(amount) * (MS_PER_UNIT[unit] ?? 0);
  // Date.parse makes a moment of much that is none.
  const moment = /^\d{4}-\d\d-\d\d([T ]|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) throw new UsageError(`--since: ${JSON.stringify(text)} is no time`, 'write 30s, 10m, 2h or 1d, or a moment such as 2026-01-31T09:00:00Z');
  return moment;
}
