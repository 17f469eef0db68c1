/**
 * Stores a secret set or an image pull secret and waits until agents can use it. A new one goes where the account is at home
 * unless told otherwise; an old one stays where it lives.
 */
import { ProviderError, UsageError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { PROVIDER } from '../api/cloud-error.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import type { SecretSet } from '../api/secrets.ts';
import { isSetName, SET_NAME_WORDS } from '../set-name.ts';

export type StoreOptions = {
  readonly cloud: PipecatCloud;
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly onWait: (what: string) => void;
  /** How long a set may take until it is ready. */
  readonly readyMs?: number;
  readonly firstPollMs?: number;
};

export type WhatToStore = { readonly set: string; readonly region: string | undefined } & (
  | { readonly kind: 'secret'; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'imagePullSecret'; readonly host: string; readonly username: string; readonly token: string }
);

export type Stored = { readonly region: string | undefined; readonly isNew: boolean };

const READY_MS = 120_000;
const FIRST_POLL_MS = 250;
const LONGEST_POLL_MS = 4_000;

/** Rejects with a UsageError for what can never be stored, with a ProviderError, and with the signal's reason. */
export async function storeSecrets(what: WhatToStore, options: StoreOptions): Promise<Stored> {
  const { cloud, signal, onWait } = options;
  const { set, kind } = what;
  checkSetName(set);
  const known = (await cloud.secrets.list(signal)).find(({ name }) => name === set);
  checkKnown(known, what);
  const region = known ? undefined : (what.region ?? (await cloud.regions.defaultRegion(signal)));
  onWait(`storing ${set}`);
  const accepted = await (kind === 'secret'
    ? cloud.secrets.put(set, { values: what.values, region }, signal)
    : cloud.secrets.putImagePull(set, { ...what, region }, signal));
  const ready = await untilReady(set, options);
  return { region: ready.region ?? accepted.region, isNew: known === undefined };
}

/** What Pipecat Cloud takes as the name of a set. */
export function checkSetName(set: string): void {
  if (!isSetName(set)) throw new UsageError(`${JSON.stringify(set)} is no name for a set`, SET_NAME_WORDS);
}

function checkKnown(known: SecretSet | undefined, { set, kind, region }: WhatToStore): void {
  if (known?.type !== undefined && known.type !== kind) {
    throw new UsageError(`${set} is ${known.type === 'secret' ? 'a secret set' : 'an image pull secret'} already`, 'choose another name, or delete it first');
  }
  if (known?.region !== undefined && region !== undefined && known.region !== region) {
    throw new UsageError(`${set} lives in ${known.region} and cannot move to ${region}`, 'leave --region out, or choose another name');
  }
}

async function untilReady(set: string, { cloud, wall, signal, onWait, readyMs = READY_MS, firstPollMs = FIRST_POLL_MS }: StoreOptions): Promise<SecretSet> {
  const endMs = wall.nowMs() + readyMs;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS)) {
    const found = (await cloud.secrets.list(signal)).find(({ name }) => name === set);
    if (found?.status === 'ready') return found;
    // Why it failed may quote what was put into it.
    if (found?.status === 'failed') throw new ProviderError(`${set} was taken, but Pipecat Cloud could not store it; try again`, { provider: PROVIDER, kind: 'server' });
    if (wall.nowMs() + pollMs > endMs) {
      throw new ProviderError(`${set} was taken, but is not ready after ${readyMs / 1000} s; bottalk secrets list tells when it is`, { provider: PROVIDER, kind: 'timeout' });
    }
    onWait(`waiting until ${set} is ready`);
    await wall.sleep(pollMs, signal);
  }
}
