/** Keys and addresses of the world's providers: from the environment, and from `.env.local` where that is silent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UsageError } from '../base/errors.ts';
import type { ScenarioAgent } from '../scenarios/scenario.ts';

/** The names that mean something to bottalk; `.env.example` lists them. */
export const SECRET_NAMES = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'ELEVENLABS_API_KEY',
  'ELEVENLABS_BASE_URL',
  'ELEVENLABS_MODEL',
  'SYSTEM_VOICE_ID',
  'USER_VOICE_ID',
  'DAILY_API_KEY',
  'DAILY_BASE_URL',
  'DAILY_CALL_MACHINE_URL',
  'BOTTALK_CHROMIUM',
  'METRICS_INGEST_URL',
  'PCC_PRIVATE_KEY',
  'PIPECAT_CLOUD_PRIVATE_API_KEY',
  'PCC_PUBLIC_KEY',
  'PIPECAT_CLOUD_PUBLIC_API_KEY',
  'PCC_BASE_URL',
  'PCC_AGENT_NAME',
  'PCC_DEPLOY_IMAGE',
  'PIPECAT_DEPLOY_CONFIG_PATH',
] as const;

export type SecretName = (typeof SECRET_NAMES)[number];
/** Never put one into a message, an event or a report. */
export type Secrets = Readonly<Partial<Record<SecretName, string>>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** The environment wins over the file. Empty values count as not given. */
export function readSecrets(folder: string, env: Environment): Secrets {
  const file = envFile(folder);
  return Object.fromEntries(SECRET_NAMES.flatMap((name) => [[name, env[name] || file[name]] as const]).filter(([, value]) => value)) as Secrets;
}

/** Where each of them comes from that is given. */
export function secretSources(folder: string, env: Environment): Readonly<Partial<Record<SecretName, SecretSource>>> {
  const file = envFile(folder);
  const sourceOf = (name: SecretName): SecretSource | undefined => (env[name] ? 'environment' : file[name] ? '.env.local' : undefined);
  return Object.fromEntries(SECRET_NAMES.map((name) => [name, sourceOf(name)] as const).filter(([, source]) => source)) as Record<SecretName, SecretSource>;
}

export type SecretSource = 'environment' | '.env.local';

/** The value, or a UsageError that says where to put it and nothing of what it is. */
export function needed(secrets: Secrets, name: SecretName, why: string): string {
  const value = secrets[name];
  if (!value) throw new UsageError(`${why} needs ${name}`, 'put it into .env.local or the environment');
  const fault = keyFault(name, value);
  if (fault !== undefined) throw new UsageError(`${name} ${fault}`, 'mend it in .env.local or the environment');
  return value;
}

/** Why this cannot be a key. One with such characters cannot be sent, and whoever tries may quote it in a complaint. */
export function keyFault(name: SecretName, value: string): string | undefined {
  return name.endsWith('_KEY') && !/^[\x21-\x7e]+$/.test(value) ? 'holds a blank or a character that no key has' : undefined;
}

/** Throws the UsageError of the first key that this agent's providers need and do not have. */
export function checkKeys({ name, llm, tts, turn }: ScenarioAgent, secrets: Secrets): void {
  // Servers of one's own often need no key; OpenAI does.
  const needsKey = (baseUrl: string | undefined): boolean => baseUrl === undefined && secrets.OPENAI_BASE_URL === undefined;
  if (llm.provider === 'openai' && needsKey(llm.base_url)) needed(secrets, 'OPENAI_API_KEY', `${name}'s brain`);
  if (turn.strategy === 'llm' && needsKey(turn.base_url)) needed(secrets, 'OPENAI_API_KEY', `${name}'s end of turn`);
  if (tts.provider === 'elevenlabs') needed(secrets, 'ELEVENLABS_API_KEY', `${name}'s voice`);
}

function envFile(folder: string): Environment {
  const path = join(folder, '.env.local');
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UsageError(`${path} cannot be read`, (error as NodeJS.ErrnoException).code ?? 'is it a text file?');
  }
}
