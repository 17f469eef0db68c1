/**
 * Whether an image can run on Pipecat Cloud, which has arm64 machines only: its registry is asked for the manifest
 * before anything is deployed. Where it cannot be asked, that is said and nothing is held against the image.
 */
import { ProviderError } from '../../base/errors.ts';
import type { TryPatience } from '../../base/timed-tries.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { dockerCredentials } from './docker-credentials.ts';
import { readImageName } from './image-name.ts';
import { Registry, type RegistryAnswer } from './registry.ts';

export type CheckedImage =
  | { readonly kind: 'fits'; readonly digest: string | undefined; readonly platforms: readonly string[] }
  | { readonly kind: 'wrong-platform'; readonly platforms: readonly string[] }
  | { readonly kind: 'missing' }
  /** `isPrivate`: the registry wants a password that this machine does not have. */
  | { readonly kind: 'unchecked'; readonly why: string; readonly isPrivate: boolean };

export type CheckImageOptions = {
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly patience?: TryPatience;
};

const WANTED = 'linux/arm64';

/** Rejects with the signal's reason only. */
export async function checkImage(name: string, { wall, signal, env, patience }: CheckImageOptions): Promise<CheckedImage> {
  const image = readImageName(name);
  const reference = image?.digest ?? image?.tag;
  if (!image || reference === undefined) return unchecked('its name cannot be read');
  const { host, repository } = image;
  const credentials = await dockerCredentials(host, env);
  const registry = new Registry({ wall, signal, host, repository, credentials, ...(patience && { patience }) });
  try {
    const answer = await registry.manifest(reference);
    if (answer.status === 404) return { kind: 'missing' };
    if (answer.status === 401 || answer.status === 403) return { ...unchecked(refusal(credentials !== undefined)), isPrivate: true };
    if (answer.status !== 200) return unchecked(`its registry answered with ${answer.status}`);
    const platforms = await platformsOf(answer, registry);
    if (platforms.length === 0) return unchecked('its manifest names no platform');
    if (!platforms.some((platform) => platform === WANTED || platform.startsWith(`${WANTED}/`))) return { kind: 'wrong-platform', platforms };
    return { kind: 'fits', digest: image.digest ?? answer.digest, platforms };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderError) return unchecked(error.message);
    throw error;
  }
}

function unchecked(why: string): Extract<CheckedImage, { kind: 'unchecked' }> {
  return { kind: 'unchecked', why, isPrivate: false };
}

function refusal(hadCredentials: boolean): string {
  return hadCredentials
    ? 'its registry refuses what the docker config of this machine has for it'
    : 'it is private, and the docker config of this machine holds no password for its registry';
}

/** `linux/arm64`, `linux/arm/v7`; what is no image to run, such as an attestation, is left out. */
async function platformsOf({ body }: RegistryAnswer, registry: Registry): Promise<readonly string[]> {
  const { manifests, config } = body as { readonly manifests?: unknown; readonly config?: { readonly digest?: unknown } };
  if (Array.isArray(manifests)) {
    return manifests.map((entry: { readonly platform?: unknown } | null) => platformIn(entry?.platform)).filter((platform) => platform !== undefined);
  }
  if (typeof config?.digest !== 'string' || !/^[a-z0-9]+:[0-9a-f]+$/.test(config.digest)) return [];
  const { status, body: configuration } = await registry.blob(config.digest);
  const platform = status === 200 ? platformIn(configuration) : undefined;
  return platform === undefined ? [] : [platform];
}

function platformIn(value: unknown): string | undefined {
  const { os, architecture, variant } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const parts = [os, architecture, ...(variant === undefined || architecture === 'arm64' ? [] : [variant])];
  return parts.every((part) => typeof part === 'string' && /^[\w.-]{1,32}$/.test(part) && part !== 'unknown') ? parts.join('/') : undefined;
}
