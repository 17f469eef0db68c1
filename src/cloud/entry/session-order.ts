/**
 * What starts a session: the body of POST /bot. Its fields are those of bottalk's Python agents; everything else that a
 * scenario says of an agent comes with `scenario_agent`. Every mistake is told at once, and no value is ever repeated.
 */
import { z } from 'zod';
import { scenarioDataSchema } from '../../scenarios/scenario-data.ts';

const name = z.string().trim().min(1, 'must not be empty').max(60, 'must not be longer than 60 characters');
const seed = z.number().int().min(0).max(2 ** 32 - 1);

/** One agent of a scenario, exactly as the scenario has it. */
const scenarioAgent = z.strictObject({
  /** The whole scenario as plain data, as it is once it was loaded. */
  scenario: scenarioDataSchema,
  /** Which of its agents this session is. */
  order: z.union([z.literal(0), z.literal(1)]),
  /** Instead of the scenario's. */
  seed: seed.optional(),
  jitterSeed: seed.optional(),
  /** The session also tells the room its events, see told-events.ts. */
  tell: z.literal('events').optional(),
});

/** Keys that nobody knows are passed over: whoever starts sessions may have keys of their own. */
const sessionOrderSchema = z.object({
  room_url: z.url({ protocol: /^https?$/, error: 'expected the address of a Daily room' }),
  token: z.string('expected a token for the room').min(1, 'expected a token for the room'),
  name: name.default('System'),
  system_prompt: z.string().default(''),
  voice_id: z.string().default(''),
  /** Without it the agent called System does. */
  goes_first: z.boolean().optional(),
  /** The names of all agents of the call, its own included or not. */
  known_agents: z.array(name).default([]),
  max_turns: z.number().int().min(1).default(20),
  scenario_agent: scenarioAgent.optional(),
});

export type SessionOrder = z.output<typeof sessionOrderSchema>;

/** The room that Pipecat Cloud made, if it made one. */
export type RoomHeaders = { readonly url: string; readonly token: string };

/** One mistake, where it is: in the form that Pipecat's base image answers. */
export type OrderMistake = { readonly type: string; readonly loc: readonly (string | number)[]; readonly msg: string };

export type ReadOrder = { readonly order: SessionOrder } | { readonly mistakes: readonly OrderMistake[] };

/** A body wins over headers. What is null was not given. */
export function readSessionOrder(body: Readonly<Record<string, unknown>>, room: RoomHeaders | undefined): ReadOrder {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const read = sessionOrderSchema.safeParse({ ...(room && { room_url: room.url, token: room.token }), ...given });
  if (read.success) return { order: read.data };
  return { mistakes: read.error.issues.map(({ code, path, message }) => ({ type: code, loc: ['body', ...path.map(asPlace)], msg: message })) };
}

function asPlace(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}
