/**
 * Whether two values of plain JSON are the same; the order of keys in a mapping does not matter. Asks no runtime for
 * it, so that a browser can decide expectations too.
 */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length && one.every((value, i) => sameJson(value, other[i]));
  }
  const [mine, theirs] = [Object.entries(one), other as Readonly<Record<string, unknown>>];
  return mine.length === Object.keys(theirs).length && mine.every(([key, value]) => Object.hasOwn(theirs, key) && sameJson(value, theirs[key]));
}
