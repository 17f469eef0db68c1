/** Money as people read it, in US dollars. */

/** `$0.0432`; from a dollar on, cents are enough. */
export function dollars(usd: number | null): string {
  return usd === null ? 'unknown' : `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** What somebody wrote, to its last digit: `$0.50`, `$12.00`, `$0.015`. */
export function exactDollars(usd: number): string {
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 12, useGrouping: false })}`;
}
