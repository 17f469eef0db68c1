/**
 * One image registry, asked as container engines ask it (the distribution protocol, version 2). Knows how a registry
 * wants to be asked, and nothing of deployments. Credentials go to the registry that they are kept for and to the token
 * service that it names, over encrypted connections or this machine's own; nobody is told them.
 */
import { fetch, type Response } from 'undici';
import { connectionFault } from '../../base/connection-fault.ts';
import { ProviderError } from '../../base/errors.ts';
import { objectIn } from '../../base/read-json.ts';
import { retryAfterMs } from '../../base/retry-after.ts';
import { timedTries, type TryPatience } from '../../base/timed-tries.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { readChallenge } from './registry-challenge.ts';

export type RegistryOptions = {
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly host: string;
  readonly repository: string;
  /** `user:password` in base64, if this machine keeps one for the registry. */
  readonly credentials?: string | undefined;
  readonly patience?: TryPatience;
};

export type RegistryAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>>; readonly digest: string | undefined };

/** Manifests of many platforms and of one, as the two families of tools write them. */
const ACCEPTED = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const PATIENCE: TryPatience = { attempts: 3, firstWaitMs: 500, longestWaitMs: 10_000, timeoutMs: 15_000 };
/** Manifests and configurations are a few kilobytes; registries take none above 4 MB. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;

/** Methods reject with a ProviderError when the registry cannot be asked, and with the signal's reason. */
export class Registry {
  readonly #options: RegistryOptions;
  readonly #base: string;
  #authorization: string | undefined;

  constructor(options: RegistryOptions) {
    this.#options = options;
    // Names of Docker Hub leave its registry out, and it lives under another host than they would say.
    const host = options.host === 'docker.io' ? 'registry-1.docker.io' : options.host;
    this.#base = `${isLoopback(host) ? 'http' : 'https'}://${host}/v2/${options.repository}`;
  }

  /** The manifest of a tag or digest, whatever the registry answers. */
  manifest(reference: string): Promise<RegistryAnswer> {
    return this.#get(`${this.#base}/manifests/${reference}`);
  }

  /** A small JSON blob, such as an image's configuration. */
  blob(digest: string): Promise<RegistryAnswer> {
    return this.#get(`${this.#base}/blobs/${digest}`);
  }

  async #get(url: string): Promise<RegistryAnswer> {
    const first = await this.#ask(url, this.#authorization);
    if (first.status !== 401 || this.#authorization !== undefined) return first.answer;
    this.#authorization = await this.#authorize(first.challenge);
    return this.#authorization === undefined ? first.answer : (await this.#ask(url, this.#authorization)).answer;
  }

  /** What to put into the header that the registry asked for; undefined if nothing here can be put there. */
  async #authorize(challenge: string | null): Promise<string | undefined> {
    const { credentials, repository } = this.#options;
    const basic = credentials === undefined ? undefined : `Basic ${credentials}`;
    const asked = readChallenge(challenge);
    if (asked?.scheme === 'basic') return basic;
    const realm = asked?.realm === undefined ? null : URL.parse(asked.realm);
    if (!realm || !(realm.protocol === 'https:' || isLoopback(realm.host))) return undefined;
    if (asked?.service !== undefined) realm.searchParams.set('service', asked.service);
    realm.searchParams.set('scope', asked?.scope ?? `repository:${repository}:pull`);
    const { status, answer } = await this.#ask(realm.href, basic);
    const token = answer.body['token'] ?? answer.body['access_token'];
    return status === 200 && typeof token === 'string' ? `Bearer ${token}` : undefined;
  }

  #ask(url: string, authorization: string | undefined): Promise<Asked> {
    const { wall, signal, patience = PATIENCE } = this.#options;
    const { host } = new URL(url);
    const ask = async (trySignal: AbortSignal): Promise<Asked> => {
      const response = await fetch(url, { headers: { accept: ACCEPTED, ...(authorization !== undefined && { authorization }) }, signal: trySignal });
      const { status, headers } = response;
      const text = await bodyOf(response);
      if (status === 429 || status >= 500) {
        const kind = status === 429 ? 'rate_limited' : 'server';
        throw failure(`${host} answered with ${status}`, { kind, status, retryAfterMs: retryAfterMs(headers, wall.epochMs()) });
      }
      const answer = { status, body: objectIn(text), digest: headers.get('docker-content-digest') ?? undefined };
      return { status, answer, challenge: headers.get('www-authenticate') };
    };
    const failureOf = (error: unknown, tooSlow: boolean): ProviderError =>
      error instanceof ProviderError
        ? error
        : tooSlow
          ? failure(`${host} did not answer within ${patience.timeoutMs / 1000} s`, { kind: 'timeout' })
          : failure(`the connection to ${host} failed (${connectionFault(error)})`, { kind: 'network', cause: error });
    return timedTries(ask, { wall, patience, signal, onFailedTry: undefined, failureOf });
  }
}

type Asked = { readonly status: number; readonly answer: RegistryAnswer; readonly challenge: string | null };

async function bodyOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > LARGEST_BODY_BYTES) throw new ProviderError('the registry answered with more than a manifest', { provider: 'registry', kind: 'bad_request' });
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function failure(message: string, facts: Omit<ConstructorParameters<typeof ProviderError>[1], 'provider'>): ProviderError {
  return new ProviderError(message, { provider: 'registry', retryable: true, ...facts });
}

/** Registries of this machine speak plain HTTP. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}
