/** Why a connection failed, in one word of the system. The words of an error are not told: they may hold an address with its key. */

/** Such as `ECONNREFUSED`. fetch says "fetch failed" and keeps the reason in its causes. */
export function connectionFault(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string' && /^\w+$/.test(inner.code)) return inner.code;
  }
  return 'broken off';
}
