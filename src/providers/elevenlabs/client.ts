/**
 * The vendor's own client: loaded when it is needed, because that takes more than a second, and told never to try
 * again by itself, because tries are counted in one place.
 */
import type { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import { connectionFault } from '../../base/connection-fault.ts';
import { ProviderError } from '../../base/errors.ts';
import { retryAfterMs } from '../../base/retry-after.ts';
import { type Asked, connectionLost, notUnderstood, refused } from './failures.ts';
import { baseUrlOf, type ElevenLabsOptions } from './options.ts';

export type ClientOptions = Pick<ElevenLabsOptions, 'wall' | 'apiKey' | 'baseUrl'> & {
  /** How long connections that nothing is asked over stay open. */
  readonly idleMs?: number;
};

/** Throws a UsageError for an address that is none. Makes no connection. */
export async function loadClient(options: ClientOptions): Promise<ElevenLabsClient> {
  const [{ ElevenLabsClient: Client }, { keptConnections }] = await Promise.all([
    import('@elevenlabs/elevenlabs-js'),
    import('../../base/kept-connections.ts'),
  ]);
  const dispatcher = keptConnections(options.idleMs);
  const fetch: typeof globalThis.fetch = (input, init) => fetchOrSayWhy(input, { ...init, dispatcher });
  return new Client({ apiKey: options.apiKey, baseUrl: baseUrlOf(options), maxRetries: 0, fetch });
}

/** What a call of the client threw, as a ProviderError. */
export function failureOf(error: unknown, asked: Asked, { wall }: Pick<ClientOptions, 'wall'>): ProviderError {
  if (error instanceof ProviderError) return error;
  const { statusCode, body, rawResponse } = error as VendorError;
  const lostTo = rawResponse?.headers.get(FAILURE_HEADER);
  if (lostTo) return connectionLost(lostTo, asked);
  if (statusCode !== undefined) {
    const askedToWaitMs = rawResponse && retryAfterMs(rawResponse.headers, wall.epochMs());
    return refused({ status: statusCode, words: JSON.stringify(body) ?? '', retryAfterMs: askedToWaitMs }, asked);
  }
  const unreadable = error instanceof SyntaxError || (error instanceof Error && /^(Parse|Json)Error$/.test(error.name));
  return unreadable ? notUnderstood('an answer of an unknown form') : connectionLost(connectionFault(error), asked);
}

/** The client's error, as far as it is of use. */
type VendorError = { readonly statusCode?: number; readonly body?: unknown; readonly rawResponse?: { readonly headers: Headers } };

/** On an answer that no server gave: why there is none. */
const FAILURE_HEADER = 'x-bottalk-failure';

/**
 * A fetch that always answers. Where fetch rejects, the client leaves its timer of four minutes behind, and that would
 * keep the process alive.
 */
async function fetchOrSayWhy(...request: Parameters<typeof fetch>): Promise<Response> {
  try {
    return await fetch(...request);
  } catch (error) {
    return new Response(null, { status: 503, headers: { [FAILURE_HEADER]: connectionFault(error) } });
  }
}
