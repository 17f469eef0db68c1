/** The models that a chat server offers, as its own list has them. Costs nothing, and proves address and key. */
import { Deadline } from '../../base/deadline.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { chatAddress } from './chat-address.ts';
import { chatFailure, failure } from './chat-failure.ts';
import { openClient } from './client.ts';
import { checkKeyCharacters } from './open-chat.ts';

export type ListModelsOptions = {
  readonly wall: WallClock;
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
};

const PATIENCE_MS = 10_000;
/** A gateway offers hundreds; nobody reads on. */
const MOST_MODELS = 1000;

/** Rejects with a ProviderError, with the signal's reason, or with a UsageError if the address or the key cannot be one. */
export async function listModels({ wall, apiKey, baseUrl, signal, patienceMs = PATIENCE_MS }: ListModelsOptions): Promise<readonly string[]> {
  const address = chatAddress({ baseUrl });
  checkKeyCharacters(apiKey);
  using deadline = new Deadline({ wall, ms: patienceMs, signal });
  try {
    const models: string[] = [];
    const list = openClient({ address, apiKey }).models.list({ signal: deadline.signal });
    for await (const { id } of list) {
      models.push(id);
      if (models.length === MOST_MODELS) break;
    }
    return models;
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.passed) throw failure('timeout', `${address.host} did not answer within ${patienceMs} ms`, { retryable: true });
    const known = chatFailure(error, { address, model: 'its list of models', apiKey, service: 'chat completions', epochMs: wall.epochMs() });
    if (known?.kind === 'not_found') throw failure('not_found', `${address.host} lists no models at this address (404); check OPENAI_BASE_URL`, { status: 404 });
    throw known ?? error;
  }
}
