/**
 * Whether paired differences are more than chance. No distribution is assumed: intervals come from resampling, and
 * the p-value from flipping signs, which is what an absence of any effect would allow.
 */
import type { Random } from '../../base/random.ts';
import { normalQuantile } from './normal.ts';

const RESAMPLES = 2000;
/** Up to so many pairs every combination of signs is tried; beyond, a sample of them. */
const MOST_EXACT_PAIRS = 12;
const SAMPLED_FLIPS = 10_000;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The 95 % bootstrap interval of the mean; at least one value. */
export function bootstrapInterval(values: readonly number[], random: Random): readonly [low: number, high: number] {
  const means = Array.from({ length: RESAMPLES }, () => resampledMean(values, random)).sort((a, b) => a - b);
  return [means[Math.floor(RESAMPLES * 0.025)] as number, means[Math.ceil(RESAMPLES * 0.975) - 1] as number];
}

/** Two-sided: how often a mean so far from 0 would come up if each difference could as well have had the other sign. */
export function signFlipP(differences: readonly number[], random: Random): number {
  // What is 0 stays so whatever its sign.
  const sizes = Float64Array.from(differences.filter((value) => value !== 0).map(Math.abs));
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  // Sums of the same numbers in another order differ in their last bits.
  const enough = observed * (1 - 1e-9);
  if (sizes.length <= MOST_EXACT_PAIRS) {
    const combinations = 2 ** sizes.length;
    let count = 0;
    for (let signs = 0; signs < combinations; signs++) if (Math.abs(flippedSum(sizes, () => signs)) >= enough) count += 1;
    return count / combinations;
  }
  let count = 1;
  for (let i = 0; i < SAMPLED_FLIPS; i++) if (Math.abs(flippedSum(sizes, () => random.int(2 ** 32))) >= enough) count += 1;
  return count / (SAMPLED_FLIPS + 1);
}

/** The smallest p-value that differences of these sizes could have, were all of one sign. */
export function smallestP(differences: readonly number[]): number {
  return Math.min(1, 2 ** (1 - differences.filter((value) => value !== 0).length));
}

/** The power that a study is usually planned for: four times in five. */
const POWER = 0.8;

/**
 * The smallest mean difference that so many pairs, scattered like these, would show four times in five at this
 * two-sided level; null for a single pair.
 */
export function detectableDifference(differences: readonly number[], level: number): number | null {
  if (differences.length < 2) return null;
  const centre = mean(differences);
  const variance = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (differences.length - 1);
  return (normalQuantile(1 - level / 2) + normalQuantile(POWER)) * Math.sqrt(variance / differences.length);
}

function resampledMean(values: readonly number[], random: Random): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[random.int(values.length)] as number;
  return sum / values.length;
}

/** The sum with each sign by one bit; `bits` gives 32 of them at a time. */
function flippedSum(sizes: Float64Array, bits: () => number): number {
  let sum = 0;
  let left = 0;
  for (let i = 0; i < sizes.length; i++) {
    if (i % 32 === 0) left = bits();
    sum += left & 1 ? (sizes[i] as number) : -(sizes[i] as number);
    left >>>= 1;
  }
  return sum;
}
