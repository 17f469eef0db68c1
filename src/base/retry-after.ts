/** How long a server asks to be left alone, by its headers. Knows nothing of who asks, and does not wait itself. */

/**
 * Reads `Retry-After` (seconds, or a date) and OpenAI's finer `retry-after-ms`. Undefined if the server asks for
 * nothing, or in a way that cannot be read; a date that is over means now.
 */
export function retryAfterMs(headers: { get(name: string): string | null }, epochMs: number): number | undefined {
  const fine = milliseconds(headers.get('retry-after-ms'), 1);
  if (fine !== undefined) return fine;
  const text = headers.get('retry-after');
  const seconds = milliseconds(text, 1000);
  if (seconds !== undefined) return seconds;
  // Only a date of HTTP has a name of a day; what Date.parse makes of anything else is a guess.
  const dateMs = text !== null && /^[A-Z][a-z]{2,8}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - epochMs);
}

function milliseconds(text: string | null, unitMs: number): number | undefined {
  return text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Math.round(Number(text) * unitMs) : undefined;
}
