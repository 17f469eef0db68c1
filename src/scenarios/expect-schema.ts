/**
 * What a scenario may expect of its run: limits to figures as plain lines, everything else as mappings with one key
 * that says what is expected. Read into the plain data that the checks are decided by.
 */
import { z } from 'zod';
import { patternFault } from '../base/pattern.ts';
import { ENDED_BY } from '../events/event.ts';
import type { CheckKind, Severity } from '../metrics/checks/check.ts';
import { readGate } from '../metrics/checks/gate.ts';
import { type Kpi, KPIS } from '../metrics/kpis.ts';
import { wordsOf } from '../metrics/word-error.ts';
import { quote } from './yaml-tree.ts';

const text = z.string().trim().min(1, 'must not be empty');
/** Without one it would be found in every turn. */
const phrase = text.refine((value) => value === '' || wordsOf(value).length > 0, 'expected a word: punctuation alone is never heard');
const texts = z.union([phrase, z.array(phrase).min(1)]).transform((value) => (typeof value === 'string' ? [value] : value));

const limit = text
  .transform((value, context) => {
    const read = readGate(value);
    if ('gate' in read) return read.gate;
    context.addIssue({ code: 'custom', message: read.hint === undefined ? read.mistake : `${read.mistake} (${read.hint})` });
    return z.NEVER;
  })
  .meta({ description: 'A figure and its limit.', examples: ['response_latency p50 <= 1200ms for Sarah', 'talk_over <= 5%'] });

const regular = text.superRefine((pattern, context) => {
  const fault = patternFault(pattern);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `${quote(pattern)} is no regular expression: ${fault}` });
});

/** More are more expensive and say no more. */
const MOST_VOTES = 9;

const KPI_MEANINGS: Readonly<Record<Kpi, string>> = {
  discovery: 'How well the agent finds out what the other needs.',
  objectionHandling: 'How well it answers doubts and objections.',
  valueArticulation: 'How clearly it says what is in it for the other.',
  turnTaking: 'How well the two take turns.',
  responseRelevance: 'How well its answers fit what was said.',
  nextSteps: 'How clear it is in the end what happens next.',
};
const score = z.number().min(0).max(100);
const scores = KPIS.map((kpi) => [kpi, score.optional().meta({ description: KPI_MEANINGS[kpi] })] as const);
const kpis = z
  .strictObject(Object.fromEntries(scores) as Record<Kpi, z.ZodOptional<typeof score>>)
  .refine((value) => KPIS.some((kpi) => value[kpi] !== undefined), `expected at least one of ${KPIS.join(', ')}`);

const expectation = {
  limit: limit.optional().meta({ description: 'A figure and its limit, such as response_latency p50 <= 1200ms for Sarah; a plain line means the same.' }),
  contains: texts.optional().meta({ description: 'A phrase that is said, or several of which one is; case and punctuation do not matter.' }),
  not_contains: texts.optional().meta({ description: 'A phrase that is never said, or several of which none is.' }),
  matches: regular.optional().meta({ description: 'A regular expression that the text of one turn matches; case does not matter.' }),
  not_matches: regular.optional().meta({ description: 'A regular expression that no turn matches.' }),
  in_order: z.array(phrase).min(2, 'expected two phrases or more').optional().meta({ description: 'Phrases that are said one after the other.' }),
  ended_by: z.union([z.enum(ENDED_BY), z.array(z.enum(ENDED_BY)).min(1)]).optional().meta({ description: 'How the call ends, or several ways of which one is.' }),
  tool_called: text.optional().meta({ description: 'A tool that is called.' }),
  tool_not_called: text.optional().meta({ description: 'A tool that is not called.' }),
  judge: text.optional().meta({ description: 'Something that is true of the call, in plain language; a language model decides when the call is over. Needs OPENAI_API_KEY, or base_url of judge at the top of the file.' }),
  kpis: kpis.optional().meta({ description: 'The least that KPIs of the conversation may be, 0 to 100, as a language model scores them; they are six.' }),
};
type What = keyof typeof expectation;
const WHAT = Object.keys(expectation) as What[];

const WORDS: readonly What[] = ['contains', 'not_contains', 'matches', 'not_matches', 'in_order'];
const TOOLS: readonly What[] = ['tool_called', 'tool_not_called'];
const SAID = [...WORDS, ...TOOLS];

/** What may stand beside which key. */
const BESIDE = { by: SAID, within_turn: WORDS, in: WORDS, arguments: TOOLS, times: ['tool_called'], votes: ['judge'] } as const satisfies Record<string, readonly What[]>;

const mapping = z
  .strictObject({
    ...expectation,
    by: text.optional().meta({ description: 'The agent who says it or calls it. Default: either.' }),
    within_turn: z.number().int().min(1).optional().meta({ description: 'Only the first so many turns of the call count.' }),
    in: z.enum(['speech', 'transcript']).optional().meta({ description: 'speech: the words that were heard to their end. transcript: what the room made of them. Default speech.' }),
    arguments: z.record(z.string(), z.unknown()).optional().meta({ description: 'Arguments that the call has, among others.' }),
    times: z.number().int().min(1).optional().meta({ description: 'Exactly so often. Default: at least once.' }),
    votes: z
      .number()
      .int()
      .min(1)
      .max(MOST_VOTES)
      .refine((count) => count % 2 === 1, 'expected an odd number, so that there is a majority')
      .optional()
      .meta({ description: 'Beside judge: how often the model is asked; the majority decides. Odd. Default 1.' }),
    severity: z.enum(['must', 'should']).default('must').meta({ description: 'should: reported, and changes no verdict.' }),
  })
  .superRefine((value, context) => {
    const said = WHAT.filter((key) => value[key] !== undefined);
    if (said.length !== 1) context.addIssue({ code: 'custom', message: said.length === 0 ? `say what is expected: ${WHAT.join(', ')}` : `one expectation each: ${said.join(' and ')} need two` });
    const [what] = said;
    for (const [key, of] of Object.entries(BESIDE)) {
      const misplaced = value[key as keyof typeof BESIDE] !== undefined && what !== undefined && !(of as readonly What[]).includes(what);
      if (misplaced) context.addIssue({ code: 'custom', path: [key], message: `says nothing beside ${what}` });
    }
  });

type Mapping = z.output<typeof mapping>;
type ReadCheck = CheckKind & { readonly severity: Severity };

export const expectSchema = z
  .array(z.union([limit.transform((gate): ReadCheck => ({ kind: 'gate', gate, severity: 'must' })), mapping.transform(toCheck)]))
  .default([])
  .meta({ description: 'What has to be true of the run: lines such as talk_over <= 5%, or mappings such as contains: refund.' });

/** One expectation as it is written. */
export type Expectation = z.input<typeof expectSchema> extends readonly (infer T)[] | undefined ? T : never;

function toCheck(value: Mapping): ReadCheck {
  const { severity } = value;
  const scope = { by: value.by ?? null, withinTurn: value.within_turn ?? null, source: value.in ?? 'speech' } as const;
  const phrases = value.contains ?? value.not_contains;
  if (phrases) return { kind: 'contains', phrases, wanted: value.contains !== undefined, ...scope, severity };
  const pattern = value.matches ?? value.not_matches;
  if (pattern !== undefined) return { kind: 'matches', pattern, wanted: value.matches !== undefined, ...scope, severity };
  if (value.in_order) return { kind: 'in_order', phrases: value.in_order, ...scope, severity };
  if (value.ended_by) return { kind: 'ended_by', anyOf: typeof value.ended_by === 'string' ? [value.ended_by] : value.ended_by, severity };
  if (value.judge !== undefined) return { kind: 'criterion', criterion: value.judge.replace(/\s+/g, ' '), votes: value.votes ?? 1, severity };
  if (value.kpis) return { kind: 'kpis', atLeast: definedOf(value.kpis), severity };
  if (value.limit) return { kind: 'gate', gate: value.limit, severity };
  const called = value.tool_called !== undefined;
  const name = value.tool_called ?? value.tool_not_called ?? '';
  return { kind: 'tool', name, wanted: called, by: scope.by, arguments: value.arguments ?? {}, times: value.times ?? null, severity };
}

/** Without the keys that were not written. */
function definedOf(scores: Readonly<Partial<Record<Kpi, number | undefined>>>): Readonly<Partial<Record<Kpi, number>>> {
  return Object.fromEntries(Object.entries(scores).filter(([, least]) => least !== undefined)) as Partial<Record<Kpi, number>>;
}
