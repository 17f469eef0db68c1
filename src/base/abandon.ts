/** Leaves a stream of the outside world alone, without waiting for it: closing one may take as long as it likes. */

/** Asks the source to end. What becomes of that is nobody's concern any more. */
export function abandon(source: AsyncIterator<unknown>): void {
  source.return?.().catch(() => {});
}
