/**
 * Daily's fatal errors as ProviderErrors: what happened, what to do about it, and whether joining again can help. The
 * types are those of daily-js; its texts are passed on only where the type is not known.
 */
import { ProviderError, type ProviderErrorKind } from '../../base/errors.ts';
import type { PageFault } from './page-messages.ts';

/** The error for a call that was refused, or that ended for this participant. */
export function troubleOf({ type, message }: PageFault): ProviderError {
  const known = KNOWN[type];
  if (known) return trouble(known.kind, known.message, { retryable: type === 'connection-error' });
  return trouble('server', `the Daily call failed (${type}: ${message.slice(0, 200)})`, { retryable: true });
}

export function trouble(kind: ProviderErrorKind, message: string, { retryable = false }: { readonly retryable?: boolean } = {}): ProviderError {
  return new ProviderError(message, { provider: 'daily', kind, retryable });
}

/** What ended the call in the end, and what began it where that says more. */
export function beyondHelp(began: ProviderError, ended: ProviderError): ProviderError {
  return ended.retryable ? trouble(began.kind, `${began.message}, and joining again failed: ${ended.message}`) : ended;
}

const KNOWN: Readonly<Record<string, { readonly kind: ProviderErrorKind; readonly message: string }>> = {
  'no-room': { kind: 'not_found', message: 'the Daily room does not exist, or was deleted' },
  'exp-room': { kind: 'not_found', message: 'the Daily room has expired' },
  'nbf-room': { kind: 'not_found', message: 'the Daily room is not open yet' },
  'exp-token': { kind: 'unauthorized', message: 'the token for the Daily room has expired' },
  'nbf-token': { kind: 'unauthorized', message: 'the token for the Daily room is not valid yet' },
  'not-allowed': { kind: 'unauthorized', message: 'Daily does not let this token into the room' },
  'meeting-full': { kind: 'quota', message: 'the Daily room is full' },
  ejected: { kind: 'not_found', message: 'Daily ended the call: the room was deleted or has expired, or somebody removed the agent' },
  'end-of-life': { kind: 'unsupported', message: 'Daily no longer supports this version of daily-js: update bottalk' },
  'connection-error': { kind: 'network', message: 'the connection to the Daily call failed' },
};
