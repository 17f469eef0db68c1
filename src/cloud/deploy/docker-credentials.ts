/**
 * What this machine's container engine keeps for a registry. Reads its file only: a keychain is behind a program of
 * its own, which may ask the user, so what lies there counts as not at hand.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** `user:password` in base64; undefined if the file has none for the registry, or is none. */
export async function dockerCredentials(host: string, env: Environment): Promise<string | undefined> {
  const folder = env['DOCKER_CONFIG'] || join(env['HOME'] ?? homedir(), '.docker');
  const auths = await readAuths(join(folder, 'config.json'));
  const names = host === 'docker.io' ? ['https://index.docker.io/v1/', 'docker.io', 'index.docker.io'] : [host, `https://${host}`, `https://${host}/v2/`, `https://${host}/v1/`];
  for (const name of names) {
    const { auth } = auths[name] ?? {};
    if (typeof auth === 'string' && /^[\w+/=-]+$/.test(auth)) return auth;
  }
  return undefined;
}

async function readAuths(path: string): Promise<Readonly<Record<string, { readonly auth?: unknown } | null>>> {
  try {
    const { auths } = JSON.parse(await readFile(path, 'utf8')) as { readonly auths?: Readonly<Record<string, { readonly auth?: unknown }>> };
    return auths ?? {};
  } catch {
    // A file that the engine itself could not read helps nobody here.
    return {};
  }
}
