/** What an image is pulled with: the registry's address in the form that Pipecat Cloud takes, a user and a token. */
import { UsageError } from '../../base/errors.ts';

/** Whoever pulls from Docker Hub looks for its credentials under this address. */
const DOCKER_HUB = 'https://index.docker.io/v1/';

/** Throws a UsageError. */
export function registryAddress(host: string): string {
  if (/^(https:\/\/)?((registry-1|index)\.)?docker\.(io|com)(\/v1)?\/?$/.test(host)) return DOCKER_HUB;
  const url = URL.parse(/^https?:\/\//.test(host) ? host : `https://${host}`);
  if (!url || url.username !== '' || url.password !== '') throw new UsageError('--host: expected the address of a registry, such as registry.example');
  return `${url.origin}${url.pathname.replace(/\/$/, '')}`;
}

export type Credentials = { readonly username: string; readonly token: string };

/** Throws a UsageError that names what is missing and repeats nothing. */
export function registryCredentials({ username, token }: { readonly [K in keyof Credentials]: string | undefined }): Credentials {
  const secret = token?.trim();
  if (!username) throw new UsageError('who pulls the image is not said', 'name them with --username or REGISTRY_USERNAME');
  // Registries read everything up to the first colon as the name.
  if (username.includes(':')) throw new UsageError('a user name of a registry holds no colon');
  if (!secret) throw new UsageError('there is no token to pull the image with', 'put it into REGISTRY_TOKEN, or give it to --stdin');
  return { username, token: secret };
}
