/**
 * A scenario that was loaded once and travels as plain data: the same keys as in a file, with everything decided that a
 * file may leave open. It is checked again where it arrives, for nobody knows who sent it.
 */
import { z } from 'zod';
import type { Scenario } from './scenario.ts';
import { scenarioSchema } from './schema.ts';

const { variables: _filled, turn: _merged, matrix: _expanded, expect: _read, agents, ...rest } = scenarioSchema.shape;
const { variables: _ownFilled, ...agentShape } = agents.element.shape;

/** What may be left out in a file, and never is once it was loaded. */
const decided = {
  role: z.enum(['system', 'user']),
  goes_first: z.boolean(),
  end_conversation: z.boolean(),
  turn: z.strictObject({
    ...agentShape.turn.unwrap().shape,
    profile: z.enum(['compat', 'responsive']),
    min_words: z.number().int().nonnegative(),
  }),
};

/** Its expectations are passed on as they are: they were read when it was loaded, and are held against a whole run. */
export const scenarioDataSchema = z
  .strictObject({
    ...rest,
    expect: z.array(z.looseObject({ kind: z.string() })),
    agents: z.tuple([z.strictObject({ ...agentShape, ...decided }), z.strictObject({ ...agentShape, ...decided })]),
  })
  .refine(({ agents: [one, other] }) => one.name !== other.name, { path: ['agents'], message: 'the two have one name' })
  .transform((data) => data as unknown as Scenario);
