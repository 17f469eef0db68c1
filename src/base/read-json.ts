/** JSON of others, which may be none. */

/** Undefined for what is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Empty for what is no JSON, and for JSON that is no mapping. */
export function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value = jsonIn(text);
  return isMapping(value) ? value : {};
}

/** Whether it is an object with keys, and no list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
