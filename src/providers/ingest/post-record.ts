/** One try to post one record. Of an answer only its status counts; what it says is not read. */
import { connectionFault } from '../../base/connection-fault.ts';
import { Deadline } from '../../base/deadline.ts';
import { ProviderError, type ProviderErrorKind } from '../../base/errors.ts';
import { retryAfterMs } from '../../base/retry-after.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { IngestAddress } from './address.ts';

export type PostOptions = { readonly wall: WallClock; readonly address: IngestAddress; readonly timeoutMs: number; readonly signal: AbortSignal };

/** Rejects with a ProviderError whose message goes on after "it", or with the signal's reason. */
export async function postRecord(body: string, { wall, address, timeoutMs, signal }: PostOptions): Promise<void> {
  const { url, authorization } = address;
  using deadline = new Deadline({ wall, ms: timeoutMs, signal });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      body,
      // A record that is sent on elsewhere would arrive as a request without a body.
      redirect: 'manual',
      signal: deadline.signal,
    });
    await response.body?.cancel();
    if (!response.ok) throw refusal(response, wall.epochMs());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderError) throw error;
    if (deadline.passed) throw failure('timeout', `did not answer within ${timeoutMs / 1000} s`, { retryable: true });
    throw failure('network', `could not be reached (${connectionFault(error)})`, { retryable: true });
  }
}

function refusal({ status, headers }: Response, epochMs: number): ProviderError {
  const kind = status >= 500 ? 'server' : status === 429 ? 'rate_limited' : 'bad_request';
  return failure(kind, `answered with status ${status}`, { status, retryable: kind !== 'bad_request', retryAfterMs: retryAfterMs(headers, epochMs) });
}

function failure(
  kind: ProviderErrorKind,
  message: string,
  facts: { readonly retryable: boolean; readonly status?: number; readonly retryAfterMs?: number | undefined },
): ProviderError {
  return new ProviderError(message, { provider: 'ingest', kind, ...facts });
}
