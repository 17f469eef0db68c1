/** Several p-values at once: what chance does with each of many must not pass for a finding. */

/** Holm's correction: each p-value as it counts among the others. */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const adjusted: number[] = [];
  let highest = 0;
  for (const [rank, { p, i }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (ps.length - rank)));
    adjusted[i] = highest;
  }
  return adjusted;
}

/**
 * Which of several tests can come out at all (Tarone 1990): given the smallest p-value that each could have, those
 * that would be significant among as many as are left. The others need no correction for, because they cannot mislead.
 */
export function testable(smallestPs: readonly number[], level: number): readonly boolean[] {
  for (let among = 1; ; among++) {
    const able = smallestPs.map((p) => p * among < level);
    if (able.filter(Boolean).length <= among) return able;
  }
}
