/**
 * Whether paired differences are more than chance. No distribution is assumed: intervals come from resampling, and
 * the p-value from flipping signs, which is what an absence of any effect would allow.
 */
import type { Random } from '../../base/random.ts';

const RESAMPLES = 2000;
/** Up to so many pairs every combination of signs is tried; beyond, a sample of them. */
const MOST_EXACT_PAIRS = 12;
const SAMPLED_FLIPS = 10_000;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The 95 % bootstrap interval of the mean; at least one value. */
export function bootstrapInterval(values: readonly number[], random: Random): readonly [low: number, high: number] {
  const means = Array.from({ length: RESAMPLES }, () => mean(values.map(() => random.pick(values)))).sort((a, b) => a - b);
  return [means[Math.floor(RESAMPLES * 0.025)] as number, means[Math.ceil(RESAMPLES * 0.975) - 1] as number];
}

/** Two-sided: how often a mean so far from 0 would come up if each difference could as well have had the other sign. */
export function signFlipP(differences: readonly number[], random: Random): number {
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  // Sums of the same numbers in another order differ in their last bits.
  const reached = (sum: number): boolean => Math.abs(sum) >= observed * (1 - 1e-9);
  if (differences.length <= MOST_EXACT_PAIRS) {
    const combinations = 2 ** differences.length;
    let count = 0;
    for (let signs = 0; signs < combinations; signs++) {
      if (reached(differences.reduce((sum, value, i) => sum + ((signs >> i) & 1 ? value : -value), 0))) count += 1;
    }
    return count / combinations;
  }
  let count = 1;
  for (let i = 0; i < SAMPLED_FLIPS; i++) if (reached(differences.reduce((sum, value) => sum + (random.next() < 0.5 ? value : -value), 0))) count += 1;
  return count / (SAMPLED_FLIPS + 1);
}

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

/** What a study of so many pairs can see: 97.5 % + 80 % of the normal distribution, for a power of 80 % at 5 %. */
const DETECTION = 1.959964 + 0.841621;

/** The smallest mean difference that so many pairs, scattered like these, would show four times in five. */
export function detectableDifference(differences: readonly number[]): number | null {
  if (differences.length < 2) return null;
  const centre = mean(differences);
  const variance = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (differences.length - 1);
  return DETECTION * Math.sqrt(variance / differences.length);
}
