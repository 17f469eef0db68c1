/**
 * One call to Pipecat Cloud: the right key, a time limit, and another try where that can do no harm. What it is about is
 * told by the files beside this one; how it failed, by cloud-error.ts.
 */
import type { ZodType } from 'zod';
import { connectionFault } from '../../base/connection-fault.ts';
import { Deadline } from '../../base/deadline.ts';
import { ProviderError } from '../../base/errors.ts';
import { jsonIn } from '../../base/read-json.ts';
import { retryAfterMs } from '../../base/retry-after.ts';
import { type FailedTry, retrying } from '../../base/retry.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { CloudCall, CloudTimeouts } from './cloud-call.ts';
import { CloudError, refused } from './cloud-error.ts';
import { type CloudKeys, neededKey } from './keys.ts';

export interface CloudRequests {
  /** The answer, read by a schema. */
  readonly ask: <T>(call: CloudCall, schema: ZodType<T>, signal?: AbortSignal) => Promise<T>;
  /** For calls whose answer says nothing. */
  readonly tell: (call: CloudCall, signal?: AbortSignal) => Promise<void>;
  readonly options: RequestOptions;
}

export type RequestOptions = {
  readonly wall: WallClock;
  readonly keys: CloudKeys;
  readonly timeouts: CloudTimeouts;
  /** The wait before the second try of what may be tried again; it doubles with every further one. */
  readonly firstWaitMs?: number;
  readonly onFailedTry?: (failure: FailedTry) => void;
};

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

export function cloudRequests(options: RequestOptions): CloudRequests {
  const send = async (call: CloudCall, signal: AbortSignal | undefined): Promise<string> => {
    let isRepeated = false;
    const onFailedTry = (failure: FailedTry): void => {
      isRepeated ||= failure.retryInMs !== null;
      options.onFailedTry?.(failure);
    };
    const { wall, firstWaitMs = FIRST_WAIT_MS } = options;
    const attempts = call.repeat === 'never' ? 1 : ATTEMPTS;
    try {
      return await retrying(() => oneTry(call, options, signal), { wall, attempts, firstWaitMs, longestWaitMs: LONGEST_WAIT_MS, signal, onFailedTry });
    } catch (error) {
      // A try whose answer was lost may have deleted it.
      if (isRepeated && call.method === 'DELETE' && error instanceof CloudError && error.kind === 'not_found') return '';
      throw error;
    }
  };
  return {
    options,
    async ask(call, schema, signal) {
      const read = schema.safeParse(jsonIn(await send(call, signal)));
      if (read.success) return read.data;
      const where = read.error.issues[0]?.path.join('.') ?? '';
      throw new CloudError(`${call.what} was answered with what cannot be read${where === '' ? '' : ` (${where})`}`, { kind: 'server' });
    },
    async tell(call, signal) {
      await send(call, signal);
    },
  };
}

async function oneTry(call: CloudCall, { wall, keys, timeouts }: RequestOptions, signal: AbortSignal | undefined): Promise<string> {
  const { method, path, body, what } = call;
  const key = neededKey(keys, call.key, what);
  const timeoutMs = timeouts[call.timeout ?? 'callMs'];
  using deadline = new Deadline({ wall, ms: timeoutMs, signal });
  try {
    const response = await fetch(`${keys.baseUrl}${path}${queryText(call.query)}`, {
      method,
      headers: { authorization: `Bearer ${key.value}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // Whatever another address would be sent, the key is not for it.
      redirect: 'manual',
      signal: deadline.signal,
    });
    const text = await response.text();
    if (response.ok) return text;
    const hidden = [keys.private?.value, keys.public?.value].filter((value) => value !== undefined);
    throw refused(call, { status: response.status, text, retryAfterMs: retryAfterMs(response.headers, wall.epochMs()), key, hidden });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof ProviderError) throw error;
    if (deadline.passed) throw new CloudError(`${what} was not answered within ${timeoutMs / 1000} s`, { kind: 'timeout', retryable: true });
    throw brokenConnection(keys.baseUrl, error);
  }
}

export function brokenConnection(address: string, error: unknown): CloudError {
  return new CloudError(`the connection to ${new URL(address).host} failed (${connectionFault(error)})`, { kind: 'network', retryable: true });
}

function queryText(query: CloudCall['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
