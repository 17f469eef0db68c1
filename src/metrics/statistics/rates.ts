/** What a number of passes among a number of runs says about the runs to come. */

/** The 97.5th percentile of the normal distribution. */
const Z = 1.959964;

/** Wilson's 95 % interval of a rate: honest for few runs and near 0 and 1. The whole range where nothing was run. */
export function wilsonInterval(count: number, of: number): readonly [low: number, high: number] {
  if (of === 0) return [0, 1];
  const share = count / of;
  const centre = share + Z ** 2 / (2 * of);
  const spread = Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  const scale = 1 + Z ** 2 / of;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}

/** The chance that at least one of k runs passes, estimated without bias from `passes` of `of`; null for k > of. */
export function passAtK(passes: number, of: number, k: number): number | null {
  const none = chanceOfAll(of - passes, of, k);
  return none === null ? null : 1 - none;
}

/** The chance that all of k runs pass. */
export function passHatK(passes: number, of: number, k: number): number | null {
  return chanceOfAll(passes, of, k);
}

/** C(count, k) / C(of, k), as a product that cannot overflow. */
function chanceOfAll(count: number, of: number, k: number): number | null {
  if (k > of) return null;
  let chance = 1;
  for (let i = 0; i < k; i++) chance *= Math.max(0, count - i) / (of - i);
  return chance;
}
