/**
 * What results.json and a baseline have to hold before anything is concluded from them: files that were edited, cut or
 * written by something else must be refused and not half believed. Fields that are not known here are let through.
 */
import { z } from 'zod';
import { ENDED_BY } from '../events/event.ts';
import { VERDICTS } from '../metrics/verdict.ts';

const text = z.string();
const texts = z.array(text);
const number = z.number();
const verdict = z.enum(VERDICTS as [string, ...string[]]);
const figures = z.record(text, number);
const gaps = z.looseObject({ first: z.enum(['system', 'user']).nullable(), ms: z.array(number.nullable()) });
const place = z.looseObject({ turn: number.nullable(), agent: text.nullable(), atMs: number.nullable() });
const invalid = z.array(z.looseObject({ code: text, agent: text.nullable(), text }));

const check = z.looseObject({
  index: number,
  severity: z.enum(['must', 'should']),
  line: number.nullable(),
  expected: text,
  outcome: z.enum(['held', 'failed', 'not_reached']),
  saw: text,
  place: place.nullable(),
  note: text.nullable(),
});

const identity = { id: text, file: text, title: text, tags: texts, seed: number, jitter_seed: number.nullable(), variant: z.record(text, text) };

const result = z
  .looseObject({
    ...identity,
    verdict,
    ended_by: z.enum(ENDED_BY).nullable(),
    call_secs: number,
    turns: number,
    checks: z.array(check),
    invalid,
    error: text.nullable(),
    attempts: number,
    earlier: z.array(z.looseObject({ invalid, cost_usd: number.nullable(), folder: text.nullable() })),
    cost_usd: number.nullable(),
    figures,
    gaps,
    warnings: texts,
    wall_secs: number,
    folder: text.nullable(),
  })
  .refine(
    ({ verdict: is, checks, invalid: reasons }) => is !== 'passed' || (reasons.length === 0 && checks.every(({ severity, outcome }) => severity === 'should' || outcome === 'held')),
    'it is said to have passed, and what it holds says otherwise',
  );

export const resultsSchema = z.looseObject({
  bottalk: text,
  started_at: text,
  wall_secs: number,
  stopped: z.boolean(),
  totals: z.record(verdict, number),
  cases: z.array(result),
  not_run: z.array(z.looseObject(identity)).optional(),
  shard: z.looseObject({ index: number, of: number }).optional(),
});

export const baselineSchema = z.looseObject({ bottalk: text, cases: z.array(z.looseObject({ id: text, verdict, figures, gaps })) });

/** The first thing that is wrong, and where; undefined for what can be believed. */
export function faultIn(schema: z.ZodType, value: unknown): string | undefined {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  return issue && `${issue.path.map(String).join('.')}: ${issue.message}`;
}
