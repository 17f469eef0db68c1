/**
 * One try of one request to Daily's REST interface: what went wrong becomes a ProviderError that says whether another
 * try can help. Of a refusal only Daily's error code is passed on, never its text.
 */
import { connectionFault } from '../../base/connection-fault.ts';
import { Deadline } from '../../base/deadline.ts';
import { ProviderError, type ProviderErrorKind } from '../../base/errors.ts';
import { objectIn } from '../../base/read-json.ts';
import { retryAfterMs } from '../../base/retry-after.ts';
import type { WallClock } from '../../clock/wall-clock.ts';

export type HttpRequest = {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** That what is asked about does not exist is as good as having done it. */
  readonly goneIsFine?: boolean;
  /** Nobody hangs up on it; its time limit holds all the same. */
  readonly toItsEnd?: boolean;
};

export type TryOptions = {
  readonly wall: WallClock;
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
};

type Json = Readonly<Record<string, unknown>>;

/** The JSON object that was answered, or an empty one where nothing was. */
export async function answerOf(request: HttpRequest, { wall, baseUrl, apiKey, timeoutMs, signal: asked }: TryOptions): Promise<Json> {
  const { method, path, body, goneIsFine = false, toItsEnd = false } = request;
  const signal = toItsEnd ? undefined : asked;
  using deadline = new Deadline({ wall, ms: timeoutMs, signal });
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: deadline.signal,
    });
    const text = await response.text();
    if (response.ok || (goneIsFine && response.status === 404)) return objectIn(text);
    throw refusal(request, response, { code: codeIn(objectIn(text)), epochMs: wall.epochMs() });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof ProviderError) throw error;
    if (deadline.passed) {
      throw failure('timeout', `Daily did not answer ${method} ${path} within ${timeoutMs / 1000} s`, { retryable: true });
    }
    throw failure('network', `the connection to Daily at ${hostOf(baseUrl)} failed (${connectionFault(error)})`, { retryable: true, cause: error });
  }
}

/** A text that an answer has to hold. */
export function textIn(answer: Json, key: string): string {
  const value = answer[key];
  if (typeof value !== 'string') throw failure('server', `Daily answered without ${JSON.stringify(key)}`, {});
  return value;
}

type Told = { readonly code: string | undefined; readonly epochMs: number };

function refusal({ method, path }: HttpRequest, { status, headers }: Response, { code, epochMs }: Told): ProviderError {
  const answered = `Daily answered ${method} ${path} with ${status}${code === undefined ? '' : ` ${code}`}`;
  const facts = { status, retryAfterMs: retryAfterMs(headers, epochMs) };
  switch (status) {
    case 401:
    case 403:
      return failure('unauthorized', `${answered}: check DAILY_API_KEY`, facts);
    case 402:
      return failure('quota', `${answered}: the account's plan does not include it`, facts);
    case 404:
      return failure('not_found', answered, facts);
    case 429:
      return failure('rate_limited', answered, { ...facts, retryable: true });
    default:
      return status >= 500 ? failure('server', answered, { ...facts, retryable: true }) : failure('bad_request', answered, facts);
  }
}

function failure(
  kind: ProviderErrorKind,
  message: string,
  facts: { readonly status?: number; readonly retryable?: boolean; readonly retryAfterMs?: number | undefined; readonly cause?: unknown },
): ProviderError {
  return new ProviderError(message, { provider: 'daily', kind, ...facts });
}

/** Daily's codes are words joined by hyphens; anything else is not one. */
function codeIn({ error }: Json): string | undefined {
  return typeof error === 'string' && /^[a-z]+(-[a-z]+)*$/.test(error) ? error : undefined;
}

/** The address itself may hold a password. */
function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? 'an address that cannot be read';
}
