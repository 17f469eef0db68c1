/** Which keys and addresses are given, and where. Says nothing of what they are, and asks nobody whether they are right. */
import { keyFault, SECRET_NAMES, type SecretName, type Secrets, type SecretSource } from '../secrets.ts';
import type { Check } from './check.ts';

/** What each of these is for; the others have defaults, and are mentioned only when they are given. */
const PURPOSES: Readonly<Partial<Record<SecretName, string>>> = {
  OPENAI_API_KEY: 'brains of OpenAI',
  ELEVENLABS_API_KEY: 'voices of ElevenLabs',
  DAILY_API_KEY: 'rooms of Daily, which people can join',
};

export function checkKeys(secrets: Secrets, sources: Readonly<Partial<Record<SecretName, SecretSource>>>): readonly Check[] {
  return SECRET_NAMES.flatMap((name): readonly Check[] => {
    const purpose = PURPOSES[name];
    const value = secrets[name];
    const check = { group: 'keys', name, needed: false } as const;
    if (value === undefined) return purpose === undefined ? [] : [{ ...check, state: 'missing', detail: `for ${purpose}`, advice: 'put it into .env.local or the environment' }];
    const fault = faultOf(name, value);
    const from = `from ${sources[name] === '.env.local' ? '.env.local' : 'the environment'}`;
    return [fault === undefined ? { ...check, state: 'set', detail: `${from}${hostOf(name, value)}` } : { ...check, state: 'broken', detail: `${fault}, ${from}`, advice: 'mend it there' }];
  });
}

function faultOf(name: SecretName, value: string): string | undefined {
  if (name.endsWith('_URL')) return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? undefined : 'is no http or https address';
  return keyFault(name, value);
}

/** No more of an address than its host: the rest may hold a key. */
function hostOf(name: SecretName, value: string): string {
  return name.endsWith('_URL') ? `, at ${new URL(value).host}` : '';
}
