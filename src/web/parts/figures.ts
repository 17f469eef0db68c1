/** Figures as the pages write them, in one way for live page and report. What is unknown is a dash and never a zero. */
import * as figure from '../../base/figure-text.ts';

export const NONE = '–';

/** Call time to a tenth of a second: `1:07.4`. */
export function tenthTime(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  return `${figure.clockTime(tenths * 100)}.${tenths % 10}`;
}

/** Whole milliseconds, without the unit. */
export function milliseconds(ms: number | null): string {
  return figure.milliseconds(ms, NONE);
}

/** `1.42 s`. */
export function seconds(ms: number | null): string {
  return figure.seconds(ms, NONE);
}

/** A share from 0 to 1 as a percentage. */
export function percent(share: number | null): string {
  return figure.percent(share, NONE);
}
