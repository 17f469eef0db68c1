/** How many characters an ElevenLabs account may still have spoken in this period. Not every key may know. */
import { Deadline } from '../../base/deadline.ts';
import { loadClient } from './client.ts';
import type { ElevenLabsOptions } from './options.ts';

export type RemainingOptions = Omit<ElevenLabsOptions, 'model'> & { readonly signal?: AbortSignal | undefined; readonly patienceMs?: number };

const PATIENCE_MS = 5_000;

/** Undefined where the account does not tell, for whatever reason; nothing depends on it. */
export async function remainingCharacters(options: RemainingOptions): Promise<number | undefined> {
  const { wall, signal, patienceMs = PATIENCE_MS } = options;
  using deadline = new Deadline({ wall, ms: patienceMs, signal });
  try {
    const client = await loadClient(options);
    const { characterCount, characterLimit } = await client.user.subscription.get({ abortSignal: deadline.signal });
    const left = characterLimit - characterCount;
    return Number.isFinite(left) ? Math.max(0, left) : undefined;
  } catch {
    return undefined;
  }
}
