/** Medians, and lines of figures. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? Number.NaN;
}

export type Figure = { readonly what: string; readonly values: readonly number[]; readonly unit: string; readonly aim: string };

/** What was measured, its median, its range and what it aims at. */
export function figureLine({ what, values, unit, aim }: Figure): string {
  const show = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const range = values.length > 1 ? `${show(Math.min(...values))} to ${show(Math.max(...values))}` : '';
  return `${what.padEnd(58)}${`${show(median(values))} ${unit}`.padStart(12)}  ${range.padEnd(16)} ${aim}`.trimEnd();
}
