/**
 * What went wrong at ElevenLabs, as ProviderErrors: by HTTP status, by the vendor's own codes and by how a socket
 * closed. The vendor's words decide only the kind; what the user reads is written here and quotes no answer.
 */
import { ProviderError, type ProviderErrorKind } from '../../base/errors.ts';

export const PROVIDER = 'elevenlabs';

/** What was asked for, so that a refusal can name it. */
export type Asked = { readonly host: string; readonly model?: string; readonly voice?: string; readonly service?: 'transcription' };

/** What an answer says of itself. `words` is whatever text came with it, codes included. */
export type Refusal = {
  readonly status?: number | undefined;
  readonly words: string;
  readonly retryAfterMs?: number | undefined;
  /** The code with which a WebSocket was closed. */
  readonly closeCode?: number | undefined;
};

type Cause = 'key' | 'address' | 'credits' | 'voice' | 'model' | 'busy' | 'request' | 'slow' | 'server';

export function refused({ status, words, retryAfterMs, closeCode }: Refusal, asked: Asked): ProviderError {
  const cause = causeOf({ status, words, closeCode }, asked);
  const code = status ?? closeCode;
  const { kind, retryable, what } = EXPLANATIONS[cause];
  const message = `${what(asked)}${code === undefined ? '' : ` (${code})`}`;
  return new ProviderError(message, { provider: PROVIDER, kind, retryable, status, retryAfterMs });
}

/** The connection failed or broke off; `reason` is a code of the system or the protocol, never text from outside. */
export function connectionLost(reason: string, { host }: Asked): ProviderError {
  const message = `the connection to ${host} failed (${reason})`;
  return new ProviderError(message, { provider: PROVIDER, kind: 'network', retryable: true });
}

/** We closed it ourselves; it is not opened again. */
export function closedHere(): ProviderError {
  return new ProviderError('the connection to ElevenLabs was closed on this side', { provider: PROVIDER, kind: 'network' });
}

export function nothingCame(what: string, afterMs: number): ProviderError {
  return new ProviderError(`ElevenLabs sent no ${what} for ${afterMs} ms`, { provider: PROVIDER, kind: 'timeout', retryable: true });
}

export function noSound(): ProviderError {
  return new ProviderError('ElevenLabs took the text and sent no sound', { provider: PROVIDER, kind: 'empty', retryable: true });
}

export function notUnderstood(what: string): ProviderError {
  return new ProviderError(`ElevenLabs sent ${what}`, { provider: PROVIDER, kind: 'server' });
}

/** The same failure when part of the speech has been handed out: another try would say it twice. */
export function beyondRetry({ message, provider, kind, status }: ProviderError): ProviderError {
  return new ProviderError(message, { provider, kind, status });
}

type Explanation = { readonly kind: ProviderErrorKind; readonly retryable: boolean; readonly what: (asked: Asked) => string };

const EXPLANATIONS: Readonly<Record<Cause, Explanation>> = {
  key: { kind: 'unauthorized', retryable: false, what: ({ host }) => `${nameOf(host)} refuses the key, or what it is used for: check ELEVENLABS_API_KEY` },
  credits: { kind: 'quota', retryable: false, what: () => 'the ElevenLabs account has no credits left for this' },
  voice: {
    kind: 'not_found',
    retryable: false,
    what: ({ voice }) => `ElevenLabs knows no voice ${JSON.stringify(voice ?? '')} in this account: \`bottalk voices\` lists those it knows`,
  },
  address: { kind: 'not_found', retryable: false, what: ({ host }) => `${host} is no ElevenLabs: check the address` },
  model: {
    kind: 'not_found',
    retryable: false,
    what: ({ model, service }) => `ElevenLabs has no model ${JSON.stringify(model ?? '')} for this: check ${service ? 'transcription.model' : 'ELEVENLABS_MODEL'}`,
  },
  busy: { kind: 'rate_limited', retryable: true, what: () => 'ElevenLabs is asked too much at once' },
  request: {
    kind: 'bad_request',
    retryable: false,
    what: ({ service }) => `ElevenLabs does not accept the request${service ? ' for a transcription' : '; does the voice fit the model?'}`,
  },
  slow: { kind: 'timeout', retryable: true, what: () => 'ElevenLabs gave up waiting' },
  server: { kind: 'server', retryable: true, what: ({ host }) => `${host} has a fault of its own` },
};

/** Whoever stands in for it is named, because ELEVENLABS_BASE_URL may be what is wrong. */
function nameOf(host: string): string {
  return host === 'api.elevenlabs.io' ? 'ElevenLabs' : host;
}

/** The vendor's codes and words, from the particular to the general. One status stands for several of these. */
const BY_WORDS: readonly (readonly [RegExp, Cause])[] = [
  [/quota|credits?\b|character.limit|payment|subscription/i, 'credits'],
  [/api.?key|unauthori[sz]ed|authenticat|permission/i, 'key'],
  [/too.?many|rate.?limit|concurren|busy/i, 'busy'],
  [/voice[\s\S]{0,80}(not.?found|not.?exist|invalid)|(invalid|unknown).?voice/i, 'voice'],
  [/model[\s\S]{0,80}(not.?found|not.?exist|invalid|not supported)|(invalid|unknown).?model/i, 'model'],
  [/within the timeout/i, 'slow'],
  [/went wrong|internal/i, 'server'],
];

function causeOf({ status, words, closeCode }: Refusal, { voice }: Asked): Cause {
  const said = BY_WORDS.find(([pattern]) => pattern.test(words))?.[1];
  if (status !== undefined && status >= 500) return said === 'busy' ? said : 'server';
  if (said) return said;
  switch (status) {
    case 401:
    case 403:
      return 'key';
    case 402:
      return 'credits';
    case 404:
      return voice === undefined ? 'address' : 'voice';
    case 408:
      return 'slow';
    case 429:
      return 'busy';
    case undefined:
      // Policy violation and message too big are about what was sent; any other close is the server's own affair.
      return closeCode === undefined || closeCode === 1008 || closeCode === 1009 ? 'request' : 'server';
    default:
      return 'request';
  }
}
