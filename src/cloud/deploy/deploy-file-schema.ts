/**
 * Every key of pcc-deploy.toml. Each says in its own words what it takes, because those words are what a user reads who
 * wrote something else. What belongs together (image or build_id, least and most agents) is held against each other here too.
 */
import { z } from 'zod';
import { isSetName, SET_NAME_WORDS } from '../set-name.ts';
import { readImageName } from './image-name.ts';

/** Lower-case letters and digits with hyphens inside, as Pipecat Cloud's interface demands of agents. */
export const AGENT_NAME = /^[a-z0-9][a-z0-9-]{0,52}[a-z0-9]$/;
export const AGENT_NAME_WORDS = 'expected 2 to 54 lower-case letters, digits and hyphens inside';
/** The session limits that Pipecat Cloud takes, in seconds; it uses 7200 where nothing is said. */
const SHORTEST_SESSION_SECS = 60;
const LONGEST_SESSION_SECS = 14_400;
/** No deployment has a larger pool. */
const LARGEST_POOL = 50;

const QUANTITY = /^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?$/;

const text = (words: string): z.ZodString => z.string({ error: `expected ${words}` }).min(1, { error: `expected ${words}` });
const whole = (least: number, most: number, words: string): z.ZodInt => {
  const error = `expected ${words}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};
const oneOf = <const T extends readonly [string, ...string[]]>(values: T): z.ZodEnum<{ [K in T[number]]: K }> =>
  z.enum(values, { error: `expected ${values.map((value) => `"${value}"`).join(' or ')}` });
const flag = z.boolean({ error: 'expected true or false' });
const table = <T extends z.ZodRawShape>(shape: T): z.ZodObject<T, z.core.$strict> =>
  // A key that is not known is told of with its own place and the nearest that is.
  z.strictObject(shape, { error: ({ code }) => (code === 'invalid_type' ? 'expected a table' : undefined) });
const setError = `expected the name of a secret set: ${SET_NAME_WORDS}`;
const setName = z.string({ error: setError }).refine(isSetName, { error: setError });
const imageWords = 'expected an image with a tag or digest, such as "registry.example/acme/bottalk:4f2a91c"';

export const deployFileSchema = table({
  agent_name: z.string({ error: AGENT_NAME_WORDS }).regex(AGENT_NAME, { error: AGENT_NAME_WORDS }).optional(),
  image: z
    .string({ error: imageWords })
    .refine((name) => readImageName(name) !== undefined && /[:@][^/]*$/.test(name), { error: imageWords })
    .optional(),
  build_id: z.uuid({ error: 'expected the id of a build: a UUID' }).optional(),
  image_credentials: setName.optional(),
  secret_set: setName.optional(),
  region: text('a region, such as "us-west"').optional(),
  // Organisations may have profiles of their own, in regions of their own.
  agent_profile: text('a profile, such as "agent-1x"').optional(),
  websocket_auth: oneOf(['none', 'token']).optional(),
  max_session_duration: whole(SHORTEST_SESSION_SECS, LONGEST_SESSION_SECS, `seconds, ${SHORTEST_SESSION_SECS} to ${LONGEST_SESSION_SECS}`).optional(),
  enable_managed_keys: flag.optional(),
  node_type: oneOf(['arm']).optional(),
  scaling: table({
    min_agents: whole(0, LARGEST_POOL, `a whole number, 0 to ${LARGEST_POOL}`).optional(),
    max_agents: whole(1, LARGEST_POOL, `a whole number, 1 to ${LARGEST_POOL}`).optional(),
  }).optional(),
  krisp_viva: table({ audio_filter: oneOf(['tel', 'pro']).optional() }).optional(),
  build: table({
    context_dir: text('a folder').optional(),
    dockerfile: text('a file').optional(),
    exclude: table({ patterns: z.array(text('a pattern'), { error: 'expected a list of patterns' }).optional() }).optional(),
  }).optional(),
  docker: table({
    registry: text('a registry, such as "dockerhub"').optional(),
    registry_username: text('a user of the registry').optional(),
    registry_url: text('the address of a registry').optional(),
    auto_latest: flag.optional(),
  }).optional(),
  resources: table({
    cpu: z.string({ error: 'expected a quantity, such as "500m"' }).regex(QUANTITY, { error: 'expected a quantity, such as "500m"' }),
    memory: z.string({ error: 'expected a quantity, such as "1Gi"' }).regex(QUANTITY, { error: 'expected a quantity, such as "1Gi"' }),
  }).optional(),
});

/** What does not go together, told even where other keys hold mistakes: by path, what to say of that key. */
export function clashesIn(says: unknown): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const { image, build_id, agent_profile, resources, scaling } = (says ?? {}) as Readonly<Record<string, unknown>>;
  const { min_agents: least, max_agents: most } = (scaling ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...(image !== undefined && build_id !== undefined ? [{ path: ['build_id'], message: 'stands beside image: keep one of them' }] : []),
    ...(agent_profile !== undefined && resources !== undefined ? [{ path: ['resources'], message: 'stands beside agent_profile: keep one of them' }] : []),
    ...(typeof least === 'number' && typeof most === 'number' && least > most
      ? [{ path: ['scaling', 'min_agents'], message: `is more than max_agents (${most})` }]
      : []),
  ];
}

/** What a deploy file says; a key that it leaves out is left out here. */
export type DeployFile = z.infer<typeof deployFileSchema>;

/** Keys that Pipecat's tools no longer read, and what to write in their place. */
export const REMOVED_KEYS: Readonly<Record<string, string>> = {
  enable_krisp: 'write audio_filter = "tel" or "pro" under [krisp_viva]',
  'scaling.min_instances': 'write min_agents',
  'scaling.max_instances': 'write max_agents',
};
