/** Keys and addresses of the world's providers: from the environment, and from `.env.local` where that is silent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UsageError } from '../base/errors.ts';
import type { ScenarioAgent } from '../scenarios/scenario.ts';

/** The names that mean something to bottalk; `.env.example` lists them. */
const NAMES = ['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'ELEVENLABS_API_KEY', 'ELEVENLABS_BASE_URL', 'ELEVENLABS_MODEL', 'SYSTEM_VOICE_ID', 'USER_VOICE_ID'] as const;

export type SecretName = (typeof NAMES)[number];
/** Never put one into a message, an event or a report. */
export type Secrets = Readonly<Partial<Record<SecretName, string>>>;

/** The environment wins over the file. Empty values count as not given. */
export function readSecrets(folder: string, env: Readonly<Record<string, string | undefined>>): Secrets {
  const file = envFile(join(folder, '.env.local'));
  return Object.fromEntries(NAMES.flatMap((name) => [[name, env[name] || file[name]] as const]).filter(([, value]) => value)) as Secrets;
}

/** The value, or a UsageError that says where to put it and nothing of what it is. */
export function needed(secrets: Secrets, name: SecretName, why: string): string {
  const value = secrets[name];
  if (!value) throw new UsageError(`${why} needs ${name}`, 'put it into .env.local or the environment');
  return value;
}

/** Throws the UsageError of the first key that this agent's providers need and do not have. */
export function checkKeys({ name, llm, tts }: ScenarioAgent, secrets: Secrets): void {
  // Servers of one's own often need no key; OpenAI does.
  if (llm.provider === 'openai' && llm.base_url === undefined && secrets.OPENAI_BASE_URL === undefined) needed(secrets, 'OPENAI_API_KEY', `${name}'s brain`);
  if (tts.provider === 'elevenlabs') needed(secrets, 'ELEVENLABS_API_KEY', `${name}'s voice`);
}

function envFile(path: string): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UsageError(`${path} cannot be read`, (error as NodeJS.ErrnoException).code ?? 'is it a text file?');
  }
}
