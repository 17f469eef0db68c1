/** The calls about secret sets and image pull secrets. Values go one way: no answer holds any, and none is ever quoted. */
import { z } from 'zod';
import type { CloudCall } from './cloud-call.ts';
import { maybe } from './lenient.ts';
import type { CloudRequests } from './requests.ts';

const summary = z.object({
  name: z.string(),
  /** secret or imagePullSecret. */
  type: maybe(z.string()),
  region: maybe(z.string()),
  /** pending, ready or failed. */
  status: maybe(z.string()),
  errorMessage: maybe(z.string()),
});

const details = z.object({
  region: maybe(z.string()),
  status: maybe(z.string()),
  errorMessage: maybe(z.string()),
  secrets: z.array(z.object({ fieldName: z.string() })),
});

const accepted = z.object({ region: maybe(z.string()) });

export type SecretSet = z.infer<typeof summary>;
export type SecretSetDetails = z.infer<typeof details>;

export interface SecretCalls {
  list(signal?: AbortSignal): Promise<readonly SecretSet[]>;
  /** The names in a set. An image pull secret has none and is refused; find it in `list`. */
  get(set: string, signal?: AbortSignal): Promise<SecretSetDetails>;
  /** Adds or replaces these, and leaves the others as they are. Accepted is not ready: `list` tells when it is. */
  put(set: string, request: PutSecrets, signal?: AbortSignal): Promise<{ readonly region?: string | undefined }>;
  putImagePull(set: string, request: PutImagePull, signal?: AbortSignal): Promise<{ readonly region?: string | undefined }>;
  /** The whole set, or one name of it. */
  delete(set: string, key?: string, signal?: AbortSignal): Promise<void>;
}

export type PutSecrets = { readonly values: ReadonlyMap<string, string>; readonly region?: string | undefined };
/** `host`: the registry's address. */
export type PutImagePull = { readonly host: string; readonly username: string; readonly token: string; readonly region?: string | undefined };

export function secretCalls({ ask, tell }: CloudRequests): SecretCalls {
  const pathOf = (set: string): string => `/secrets/${encodeURIComponent(set)}`;
  const putting = (set: string, body: unknown): CloudCall => ({
    method: 'PUT',
    path: pathOf(set),
    body,
    key: 'private',
    what: `storing secret set ${set}`,
    repeat: 'also-conflicts',
    secret: true,
    conflict: `somebody else is changing secret set ${set}`,
  });
  const inRegion = (region: string | undefined): object => (region === undefined ? {} : { region });
  return {
    async list(signal) {
      const answer = z.object({ sets: z.array(summary) });
      return (await ask({ method: 'GET', path: '/secrets', key: 'private', what: 'listing secret sets', repeat: 'safely' }, answer, signal)).sets;
    },
    get: (set, signal) =>
      ask({ method: 'GET', path: pathOf(set), key: 'private', what: `looking at secret set ${set}`, repeat: 'safely', missing: `there is no secret set ${set}` }, details, signal),
    put(set, { values, region }, signal) {
      const secrets = [...values].map(([secretKey, secretValue]) => ({ secretKey, secretValue }));
      return ask(putting(set, { secrets, ...inRegion(region) }), accepted, signal);
    },
    putImagePull(set, { host, username, token, region }, signal) {
      const secretValue = Buffer.from(`${username}:${token}`).toString('base64');
      return ask(putting(set, { isImagePullSecret: true, host, secretValue, ...inRegion(region) }), accepted, signal);
    },
    delete(set, key, signal) {
      const path = `${pathOf(set)}${key === undefined ? '' : `/${encodeURIComponent(key)}`}`;
      const missing = key === undefined ? `there is no secret set ${set}` : `secret set ${set} has no ${key}`;
      return tell({ method: 'DELETE', path, key: 'private', what: `deleting ${key === undefined ? '' : `${key} of `}secret set ${set}`, repeat: 'safely', missing }, signal);
    },
  };
}
