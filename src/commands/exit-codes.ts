/** What the process says when it leaves, and what that means. */
import type { Verdict } from '../metrics/verdict.ts';

export const EXIT = {
  ok: 0,
  /** A check did not hold. */
  failed: 1,
  /** The user can fix it. */
  usage: 2,
  /** The world failed, or a run was invalid. */
  world: 3,
  /** A deployment is not ready in time, and the version before still serves. */
  late: 4,
  cancelled: 130,
  /** We have a bug. */
  bug: 70,
} as const;

/** What one run, or a whole test run, says with its verdict. */
export function verdictExit(verdict: Verdict): number {
  switch (verdict) {
    case 'cancelled':
      return EXIT.cancelled;
    case 'failed':
      return EXIT.failed;
    case 'errored':
    case 'invalid':
      return EXIT.world;
    case 'passed':
    case 'ran':
      return EXIT.ok;
  }
}
