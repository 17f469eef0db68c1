/** Rounding for published figures: what Python's round() does to doubles, so that records equal Pipecat's to the digit. */

/** Rounds the double's exact value to two decimals, ties to even: 2.675 -> 2.67 (it lies below), 0.125 -> 0.12. */
export function round2(value: number): number {
  // Only odd multiples of 1/8 lie exactly between two hundredths; toFixed would round those up.
  const eighths = Math.abs(value) * 8;
  if (Number.isInteger(eighths) && eighths % 2 === 1) {
    const below = Math.floor(Math.abs(value) * 100);
    const even = below % 2 === 0 ? below : below + 1;
    return (Math.sign(value) * even) / 100;
  }
  return Number(value.toFixed(2)) + 0;
}

/** The same for a figure that may be unknown. */
export function round2OrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : round2(value);
}

/** A share: four decimals, so that one in ten thousand still shows. */
export function roundShare(value: number): number {
  return Number(value.toFixed(4)) + 0;
}
