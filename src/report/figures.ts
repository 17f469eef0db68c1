/** Figures as reports print them. */
import * as figure from '../base/figure-text.ts';
import type { Rate } from '../metrics/aggregate.ts';

/** Call time: `0:07.4`, `12:07.4`, `1:02:07.4` from an hour on. */
export function callTime(ms: number): string {
  const tenths = Math.round(Math.max(0, ms) / 100);
  return `${figure.clockTime(tenths * 100)}.${tenths % 10}`;
}

/** Seconds with two decimals, or nothing. */
export function secs(ms: number | null): string {
  return figure.seconds(ms, '');
}

/** Whole milliseconds; a dash where nothing was measured. */
export function milliseconds(ms: number | null): string {
  return figure.milliseconds(ms, '-');
}

/** A share as a percentage; a dash where nothing was measured. */
export function percent(share: number | null): string {
  return figure.percent(share, '-');
}

/** `90 % (9/10)`: a rate never stands without its counts. */
export function rate({ rate: share, count, of }: Rate): string {
  return of === 0 ? '-' : `${percent(share)} (${count}/${of})`;
}
