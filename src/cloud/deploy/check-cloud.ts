/**
 * What Pipecat Cloud has of that which a deployment needs: the region, the agent as it runs, the secret set with the names
 * that bottalk's agents look for, the image pull secret. Everything that is wrong is told at once; changes nothing.
 */
import { type Mistake, ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { AgentDetails } from '../api/agent-answers.ts';
import { PROVIDER } from '../api/cloud-error.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import type { SecretSet } from '../api/secrets.ts';
import { isReservedName } from '../reserved-names.ts';
import type { DeploySettings } from './deploy-settings.ts';

export type CloudCheck = {
  /** The agent as it runs; undefined if it is to be made. */
  readonly running: AgentDetails | undefined;
  readonly region: string;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly string[];
};

export type CheckCloudOptions = {
  readonly cloud: PipecatCloud;
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly pendingMs: number;
  readonly pollMs: number;
  readonly onWait: (what: string) => void;
};

/** What an agent with a brain and a voice of the world needs, and what it can do less without. */
const NEEDED_NAMES = ['OPENAI_API_KEY', 'ELEVENLABS_API_KEY'];
const USEFUL_NAMES: Readonly<Record<string, string>> = { DAILY_API_KEY: 'agents cannot start transcription or tell their room what they measure' };
/** Where Pipecat Cloud puts an agent of an account without a default of its own. */
const FIRST_REGION = 'us-west';

/** Rejects with a ProviderError when Pipecat Cloud cannot be asked or a set stays pending, and with the signal's reason. */
export async function checkCloud(wanted: DeploySettings, options: CheckCloudOptions): Promise<CloudCheck> {
  const { cloud, signal } = options;
  const [regions, defaultRegion, running, sets] = await Promise.all([
    cloud.regions.list(signal),
    wanted.region === undefined ? cloud.regions.defaultRegion(signal) : undefined,
    existing(cloud.agents.get(wanted.agentName, signal)),
    cloud.secrets.list(signal),
  ]);
  const mistakes: Mistake[] = [];
  const region = running?.region ?? wanted.region ?? defaultRegion ?? FIRST_REGION;
  const codes = regions.map(({ code }) => code);
  if (running && wanted.region !== undefined && wanted.region !== region) {
    mistakes.push({ message: `${wanted.agentName} lives in ${region} and cannot move to ${wanted.region}`, hint: 'leave the region out, or deploy under another --agent-name' });
  } else if (!codes.includes(region)) {
    mistakes.push({ message: `there is no region ${region}`, hint: `Pipecat Cloud has ${codes.join(', ')}` });
  }
  // Of a region that is wrong, no set can be right.
  const { secretSet, imagePullSecretSet } = codes.includes(region) ? wanted.settings : {};
  const ready: (SecretSet | undefined)[] = [];
  for (const [name, type] of [[secretSet, 'secret'], [imagePullSecretSet, 'imagePullSecret']] as const) {
    if (name !== undefined) ready.push(await readySet({ name, type, region, sets, mistakes }, options));
  }
  const names = secretSet !== undefined && ready[0]?.name === secretSet ? await namesIn(secretSet, cloud, signal) : undefined;
  if (names && secretSet !== undefined) mistakes.push(...missingNames(secretSet, names));
  return { running, region, mistakes, warnings: [...setWarnings(wanted.settings.secretSet, names)] };
}

async function existing(asked: Promise<AgentDetails>): Promise<AgentDetails | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

type WantedSet = {
  readonly name: string;
  readonly type: 'secret' | 'imagePullSecret';
  readonly region: string;
  readonly sets: readonly SecretSet[];
  readonly mistakes: Mistake[];
};

/** The set if it can be used; waits for one that Pipecat Cloud still takes in. */
async function readySet(wanted: WantedSet, { cloud, wall, signal, pendingMs, pollMs, onWait }: CheckCloudOptions): Promise<SecretSet | undefined> {
  const { name, type, region, sets, mistakes } = wanted;
  const what = type === 'secret' ? 'secret set' : 'image pull secret';
  const command = type === 'secret' ? 'bottalk secrets set' : 'bottalk secrets image-pull';
  const endMs = wall.nowMs() + pendingMs;
  let set = sets.find((other) => other.name === name);
  const fault = (message: string, hint: string): undefined => void mistakes.push({ message, hint });
  if (!set) return fault(`there is no ${what} ${name}`, `\`${command}\` makes one in ${region}`);
  if (set.type !== undefined && set.type !== type) {
    return fault(`${name} is ${type === 'secret' ? 'an image pull secret, not a secret set' : 'a secret set, not an image pull secret'}`, `\`${command}\` makes one`);
  }
  if (set.region !== undefined && set.region !== region) return fault(`${what} ${name} lives in ${set.region}, the agent in ${region}`, `\`${command}\` makes one in ${region}, under another name`);
  while (set?.status === 'pending') {
    onWait(`${what} ${name} is not ready yet`);
    if (wall.nowMs() + pollMs > endMs) {
      throw new ProviderError(`${what} ${name} is still not ready after ${pendingMs / 1000} s; try again later`, { provider: PROVIDER, kind: 'timeout' });
    }
    await wall.sleep(pollMs, signal);
    set = (await cloud.secrets.list(signal)).find((other) => other.name === name);
  }
  // Why it failed may quote what was put into it.
  if (set?.status === 'failed') return fault(`${what} ${name} could not be stored`, `\`${command}\` stores it anew`);
  return set;
}

async function namesIn(set: string, cloud: PipecatCloud, signal: AbortSignal): Promise<ReadonlySet<string>> {
  return new Set((await cloud.secrets.get(set, signal)).secrets.map(({ fieldName }) => fieldName));
}

function missingNames(set: string, names: ReadonlySet<string>): readonly Mistake[] {
  const missing = NEEDED_NAMES.filter((name) => !names.has(name) && !(name === 'OPENAI_API_KEY' && names.has('OPENAI_BASE_URL')));
  if (missing.length === 0) return [];
  return [{ message: `secret set ${set} holds no ${missing.join(' and no ')}, which the agents need`, hint: `\`bottalk secrets set ${set} ${missing.join(' ')}\` adds what the environment holds` }];
}

function* setWarnings(set: string | undefined, names: ReadonlySet<string> | undefined): Iterable<string> {
  if (set === undefined) yield 'no secret_set is named: the agents get no keys, and can only speak from scripts, with offline voices';
  for (const [name, without] of Object.entries(USEFUL_NAMES)) if (names && !names.has(name)) yield `secret set ${set} holds no ${name}: ${without}`;
  for (const name of names ?? []) if (isReservedName(name)) yield `secret set ${set} holds ${name}, a name that Pipecat Cloud uses itself`;
}
