/** How long each thing may take at a seat. daily-js has no time limits of its own. */

export type SeatLimits = {
  readonly joinMs: number;
  readonly leaveMs: number;
  readonly appMessageMs: number;
  /** How long Daily may take to mend a connection by itself; its signalling gives up after about 20 s. */
  readonly interruptedMs: number;
  /** After a return, peers that were not announced by then have left meanwhile. */
  readonly settleMs: number;
  /** The wait before the second try to join; it doubles. */
  readonly firstWaitMs: number;
};

export const SEAT_LIMITS: SeatLimits = {
  joinMs: 20_000,
  leaveMs: 3_000,
  appMessageMs: 5_000,
  interruptedMs: 25_000,
  settleMs: 3_000,
  firstWaitMs: 1_000,
};

/** Before a room throws everybody out, that is told; and so long after, Daily should have done it. */
export const WARN_BEFORE_EXPIRY_MS = 30_000;
export const GRACE_AFTER_EXPIRY_MS = 5_000;
