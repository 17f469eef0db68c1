/** The two keys of Pipecat Cloud and its address, out of what the environment or `.env.local` holds. Shows none of them. */
import { UsageError } from '../../base/errors.ts';
import { keyFault, type SecretName, type Secrets } from '../../compose/secrets.ts';

/** Never put a key into a message, an event or a file. */
export type CloudKeys = {
  /** For everything that is about an account: deploying, logs, sessions, secrets. */
  readonly private?: CloudKey | undefined;
  /** For starting a session, and for asking one that runs. */
  readonly public?: CloudKey | undefined;
  /** Up to and including /v1, without a slash at its end. */
  readonly baseUrl: string;
};

/** `name`: the variable that it was found in, for messages. */
export type CloudKey = { readonly name: SecretName; readonly value: string };

const BASE_URL = 'https://api.pipecat.daily.co/v1';

/** The names of a key, the one that messages recommend first. */
export const KEY_NAMES = {
  private: ['PCC_PRIVATE_KEY', 'PIPECAT_CLOUD_PRIVATE_API_KEY'],
  public: ['PCC_PUBLIC_KEY', 'PIPECAT_CLOUD_PUBLIC_API_KEY'],
} as const satisfies Record<'private' | 'public', readonly SecretName[]>;

/** Throws a UsageError for a key that cannot be one, and for an address that is none. */
export function cloudKeys(secrets: Secrets): CloudKeys {
  return { private: keyIn(secrets, KEY_NAMES.private), public: keyIn(secrets, KEY_NAMES.public), baseUrl: address(secrets.PCC_BASE_URL) };
}

/** The key, or a UsageError that says where it belongs. `why`: what it is needed for, as the beginning of a sentence. */
export function neededKey(keys: CloudKeys, kind: 'private' | 'public', why: string): CloudKey {
  const key = keys[kind];
  if (!key) throw new UsageError(`${why} needs ${KEY_NAMES[kind].join(' or ')}`, 'put it into .env.local or the environment');
  return key;
}

function keyIn(secrets: Secrets, names: readonly SecretName[]): CloudKey | undefined {
  const name = names.find((wanted) => secrets[wanted]);
  const value = name && secrets[name];
  if (!name || !value) return undefined;
  const fault = keyFault(name, value);
  if (fault !== undefined) throw new UsageError(`${name} ${fault}`, 'mend it in .env.local or the environment');
  return { name, value };
}

function address(text = BASE_URL): string {
  const url = URL.parse(text);
  const hint = `PCC_BASE_URL is an address such as ${BASE_URL}`;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError('the address of Pipecat Cloud cannot be read', hint);
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw new UsageError('the address of Pipecat Cloud may hold no user name, password or query', hint);
  }
  if (url.protocol === 'http:' && !isThisMachine(url.hostname)) throw new UsageError('keys are not sent to another machine without encryption', `${hint}, with https`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
