/** Figures as the pages write them, in one way for live page and report. What is unknown is a dash and never a zero. */

export const NONE = '–';

/** Call time for reading: `1:07`, `1:02:09` from an hour on. */
export function clockTime(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Call time to a tenth of a second: `1:07.4`. */
export function tenthTime(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  return `${clockTime(tenths * 100)}.${tenths % 10}`;
}

/** Whole milliseconds, without the unit. */
export function milliseconds(ms: number | null): string {
  return ms === null ? NONE : String(Math.round(ms) + 0);
}

/** `1.42 s`. */
export function seconds(ms: number | null): string {
  return ms === null ? NONE : `${(ms / 1000).toFixed(2)} s`;
}

/** A share from 0 to 1 as a percentage. */
export function percent(share: number | null): string {
  return share === null ? NONE : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
