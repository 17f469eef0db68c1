/** How answers are read: only what bottalk cannot do without has to be there, and null counts as not there. */
import { z, type ZodOptional, type ZodType } from 'zod';

/** What may be missing, null, or of a kind that nobody expected. */
export function maybe<T>(schema: ZodType<T>): ZodOptional<ZodType<T | undefined>> {
  const read: ZodType<T | undefined> = schema.nullish().transform((value) => value ?? undefined).catch(undefined);
  return read.optional();
}

/** A moment as text, ISO 8601. */
export const moment = z.string();
