/** Figures as reports print them. */
import type { Rate } from '../metrics/aggregate.ts';

/** Call time: `0:07.4`, `12:07.4`, `1:02:07.4` from an hour on. */
export function callTime(ms: number): string {
  const tenths = Math.round(Math.max(0, ms) / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = `${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
  return minutes < 60 ? `${minutes}:${seconds}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${seconds}`;
}

/** Seconds with two decimals, or nothing. */
export function secs(ms: number | null): string {
  return ms === null ? '' : `${(ms / 1000).toFixed(2)} s`;
}

/** Whole milliseconds; a dash where nothing was measured. */
export function milliseconds(ms: number | null): string {
  return ms === null ? '-' : String(Math.round(ms) + 0);
}

/** A share as a percentage. */
export function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

/** `90 % (9/10)`: a rate never stands without its counts. */
export function rate({ rate: share, count, of }: Rate): string {
  return of === 0 ? '-' : `${percent(share)} (${count}/${of})`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
