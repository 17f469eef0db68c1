/**
 * What a client asks for when it starts a call. A client of Pipecat's frontend may send anything and gets the default of
 * what cannot be used; who asks for the embedded room is ours, and is told what is wrong.
 */
import { z } from 'zod';
import { isMapping, jsonIn } from '../base/read-json.ts';
import { isTopic, TOPIC_CHARACTERS } from '../base/topic.ts';
import type { StartRequest } from '../web/parts/live-messages.ts';
import { RequestError } from './request-error.ts';

const topic = z
  .string('expected text')
  .transform((text) => text.trim())
  .refine(isTopic, `expected ${TOPIC_CHARACTERS.least} to ${TOPIC_CHARACTERS.most} characters`);

const text = z.string('expected text');
const startAgent = z.object({ name: text.max(60).optional(), prompt: text.optional(), voice_id: text.optional() }, 'expected a mapping');
const speed = z.union([z.literal(1), z.literal(2), z.literal('max')], 'expected 1, 2 or "max"');

const startRequest = z
  .object({
    room: z.literal('embedded', 'expected "embedded", or none for a Daily room').optional(),
    scenario: text.optional(),
    topic: topic.optional(),
    agents: z.array(startAgent, 'expected a list').max(2, 'expected at most two').optional(),
    variables: z.record(z.string(), text, 'expected a mapping of names and texts').optional(),
    llm: z.enum(['script', 'openai'], 'expected "script" or "openai"').optional(),
    tts: z.enum(['offline', 'elevenlabs'], 'expected "offline" or "elevenlabs"').optional(),
    seed: z.int('expected a whole number').min(0, 'expected at least 0').max(2 ** 32 - 1, 'expected less than 2^32').optional(),
    speed: speed.optional(),
    paused: z.boolean('expected true or false').optional(),
  })
  .refine(({ scenario, topic: given }) => scenario === undefined || given === undefined, 'give a scenario or a topic, not both');

const topicRequest = z.object({ topic });

/** Throws a RequestError that names the field. Without `room` no JSON is an empty request, and `agents` may be anything. */
export function readStartRequest(body: string): StartRequest {
  const json = jsonIn(body);
  const request = isMapping(json) ? json : {};
  if ('room' in request) return read(startRequest, request) as StartRequest;
  return read(startRequest, { ...request, agents: lenientAgents(request['agents']) }) as StartRequest;
}

/** The topic of a body that holds one. */
export function readTopic(body: string): string {
  const json = jsonIn(body);
  if (!isMapping(json)) throw new RequestError(400, 'expected a mapping in JSON');
  return read(topicRequest, json).topic;
}

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw new RequestError(400, `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not understood'}`);
}

/** Fewer than two are none; what is no mapping, or no text, is as if it were not there. */
function lenientAgents(agents: unknown): StartRequest['agents'] {
  if (!Array.isArray(agents) || agents.length < 2) return undefined;
  return agents.slice(0, 2).map((agent: unknown) => {
    const given = isMapping(agent) ? agent : {};
    const texts = (['name', 'prompt', 'voice_id'] as const).flatMap((key) => {
      const value = given[key];
      return typeof value === 'string' && value.trim() !== '' ? [[key, key === 'name' ? value.slice(0, 60) : value] as const] : [];
    });
    return Object.fromEntries(texts);
  });
}
