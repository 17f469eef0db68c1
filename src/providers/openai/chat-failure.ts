/**
 * What went wrong between us and a server of OpenAI's kind, as a ProviderError whose message says what to do. The server's own
 * words stay out of it, for they may hold the key, the prompt or a page of HTML: only short codes are quoted.
 */
import { APIConnectionError, APIError, OpenAIError } from 'openai';
import { ProviderError, type ProviderErrorKind } from '../../base/errors.ts';
import { retryAfterMs } from '../../base/retry-after.ts';
import type { ChatAddress } from './chat-address.ts';
import type { Refusal } from './chat-body.ts';

export const PROVIDER = 'openai';

/** What a failure is told with. */
export type FailureScene = {
  readonly address: Pick<ChatAddress, 'host' | 'getsKey'>;
  readonly model: string;
  readonly apiKey: string | undefined;
  /** What the server is asked for. */
  readonly service: 'chat completions' | 'transcriptions';
  readonly epochMs: number;
};

/** Undefined for what the world cannot have done; that is a bug and has to stay one. */
export function chatFailure(error: unknown, scene: FailureScene): ProviderError | undefined {
  if (error instanceof ProviderError) return error;
  const { host } = scene.address;
  if (error instanceof APIError && !(error instanceof APIConnectionError)) return statusFailure(error as APIError, scene);
  const reason = causeCode(error);
  // `terminated` is what fetch says of any body that broke off, and not every cause of it has a code.
  if (error instanceof APIConnectionError || reason !== undefined || (error instanceof TypeError && error.message === 'terminated')) {
    return failure('network', `the connection to ${host} failed${reason === undefined ? '' : ` (${reason})`}`, { retryable: true });
  }
  if (error instanceof SyntaxError || error instanceof OpenAIError) return failure('server', `${host} sent what cannot be read`, { retryable: true });
  return undefined;
}

/** What a request was refused for, if it was. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof APIError)) return undefined;
  const { status, param, code, message } = error as APIError<number | undefined>;
  return { status, param, code, message };
}

type FailureFacts = { readonly retryable?: boolean; readonly status?: number | undefined; readonly retryAfterMs?: number | undefined };

export function failure(kind: ProviderErrorKind, message: string, facts: FailureFacts = {}): ProviderError {
  return new ProviderError(message, { provider: PROVIDER, kind, ...facts });
}

/** A short code such as `context_length_exceeded`, fit to be quoted; never anything with the key in it. */
export function plainCode(code: unknown, apiKey: string | undefined): string | undefined {
  if (typeof code !== 'string' || !/^\w[\w.-]{0,47}$/.test(code) || code.startsWith('sk-')) return undefined;
  return apiKey !== undefined && apiKey !== '' && code.includes(apiKey) ? undefined : code;
}

/** OpenAI says so with status 429, OpenRouter and DeepSeek with 402. */
const QUOTA_CODES = ['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active'];

function statusFailure(error: APIError, { address, model, apiKey, service, epochMs }: FailureScene): ProviderError {
  const { host } = address;
  const status = error.status ?? statusInStream(error);
  const code = plainCode(error.code, apiKey) ?? plainCode(error.type, apiKey);
  const told = [status, code].filter((part) => part !== undefined).join(', ');
  if (status === 402 || QUOTA_CODES.includes(code ?? '')) {
    return failure('quota', `${host} says that this account has no quota left (${told}); check its plan and billing`, { status });
  }
  if (status === undefined || status >= 500) {
    return failure('server', `${host} failed${told === '' ? '' : ` (${told})`}`, { status, retryable: true, retryAfterMs: askedToWait(error, epochMs) });
  }
  if (!address.getsKey && (status === 401 || status === 403)) {
    const rule = 'a server that only a scenario names is sent none: set OPENAI_BASE_URL to it';
    return failure('unauthorized', `${host} wants a key (${told}); ${rule}`, { status });
  }
  switch (status) {
    case 401:
      return failure('unauthorized', `${host} ${apiKey ? `refused the key (${told}); check` : `wants a key (${told}); set`} OPENAI_API_KEY`, { status });
    case 403:
      return failure('unauthorized', `${host} does not let this key use ${model} (${told})`, { status });
    case 404:
      return failure('not_found', `${host} has no model ${model}, or no ${service} at this address (${told}); check both`, { status });
    case 408:
      return failure('timeout', `${host} gave up waiting (${told})`, { status, retryable: true });
    case 429:
      return failure('rate_limited', `${host} is asked too often (${told})`, { status, retryable: true, retryAfterMs: askedToWait(error, epochMs) });
    default: {
      const named = PARAMETERS.filter((name) => error.param === name || new RegExp(`\\b${name}\\b`).test(error.message));
      return failure('bad_request', `${host} refused the request (${told}${named.length > 0 ? `; it names ${named.join(', ')}` : ''})`, { status });
    }
  }
}

/** The parameters of ours that a refusal may be about. */
const PARAMETERS = ['messages', 'tools', 'temperature', 'max_completion_tokens', 'max_tokens', 'stream_options', 'stream', 'response_format', 'file'];

function askedToWait(error: APIError, epochMs: number): number | undefined {
  return error.headers && retryAfterMs(error.headers, epochMs);
}

/** An error in mid-stream has no status of its own; some servers put it into the code, OpenAI has only a type. */
function statusInStream({ code, type }: APIError): number | undefined {
  const number = Number(code);
  if (Number.isInteger(number) && number >= 400 && number < 600) return number;
  const word = `${String(code)} ${String(type)}`;
  if (word.includes('rate_limit')) return 429;
  return word.includes('invalid_request') ? 400 : undefined;
}

/**
 * The code of a broken connection, such as ECONNREFUSED or UND_ERR_SOCKET, out of the chain of causes. What Node calls
 * ERR_... is a wrong call of ours, except where it is about certificates.
 */
function causeCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^(?!ERR_(?!TLS_|SSL_))[A-Z][A-Z0-9_]+$/.test(code)) return code;
  }
  return undefined;
}
