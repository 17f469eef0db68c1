/**
 * What Pipecat Cloud refuses, as one line that says what to do. Its codes decide; its own words are quoted only where a
 * call carried no secret that they could repeat, and then in one short line.
 */
import { displayable } from '../../base/display-text.ts';
import { ProviderError, type ProviderErrorKind } from '../../base/errors.ts';
import { objectIn } from '../../base/read-json.ts';
import type { CloudCall } from './cloud-call.ts';
import type { CloudKey } from './keys.ts';

export const PROVIDER = 'pipecat-cloud';

/** `code`: Pipecat Cloud's own, such as `PCC-1001` or `PCC_INVALID_IMAGE_PLATFORM`. */
export class CloudError extends ProviderError {
  readonly code: string | undefined;

  constructor(message: string, { code, ...facts }: CloudFacts) {
    super(message, { provider: PROVIDER, ...facts });
    this.code = code;
  }
}

type CloudFacts = {
  readonly kind: ProviderErrorKind;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | undefined;
};

export type Refusal = {
  readonly status: number;
  readonly text: string;
  readonly retryAfterMs: number | undefined;
  readonly key: CloudKey;
  /** What may stand in no message, whoever says it. */
  readonly hidden: readonly string[];
};

export function refused(call: CloudCall, { status, text, retryAfterMs, key, hidden }: Refusal): CloudError {
  const { code, words } = readRefusal(text);
  const told = code === undefined || code === String(status) ? String(status) : `${status} ${code}`;
  const facts = { status, code, retryAfterMs };
  const isQuotable = words !== undefined && call.secret !== true && !hidden.some((secret) => words.includes(secret));
  const detail = isQuotable ? `: ${words}` : '';
  const known = code === undefined ? undefined : explained(code);
  if (known) return new CloudError(`${known.line} (${told})`, { ...facts, kind: known.kind });
  switch (status) {
    case 401:
    case 403:
      return new CloudError(`the ${call.key} key was refused (${told}); check ${key.name}${mixUp(call, key)}`, { ...facts, kind: 'unauthorized' });
    case 402:
      return new CloudError(`the account may spend no more (${told}); look at its billing in Pipecat Cloud's dashboard`, { ...facts, kind: 'quota' });
    case 404:
      return new CloudError(`${call.missing ?? `${call.what} failed: there is no such thing`} (${told})${call.quoteMissing === true ? detail : ''}`, {
        ...facts,
        kind: 'not_found',
      });
    case 409:
      return new CloudError(`${call.conflict ?? `${call.what} was refused`} (${told})${detail}`, {
        ...facts,
        kind: 'bad_request',
        retryable: call.repeat === 'also-conflicts',
      });
    case 413:
      return new CloudError(`${call.what} was refused: it is larger than Pipecat Cloud takes (${told})`, { ...facts, kind: 'bad_request' });
    case 429:
      return new CloudError(`${call.crowded ?? 'Pipecat Cloud is asked too often'} (${told})`, { ...facts, kind: 'rate_limited', retryable: true });
    default:
      return status >= 500
        ? new CloudError(`${call.what} failed on Pipecat Cloud's side (${told})`, { ...facts, kind: 'server', retryable: true })
        : new CloudError(`${call.what} was refused (${told})${detail}`, { ...facts, kind: 'bad_request' });
  }
}

/** Public keys can be told by their beginning. */
function mixUp({ key: kind }: CloudCall, { value }: CloudKey): string {
  return kind === 'private' && value.startsWith('pk_') ? ', which holds a public key' : '';
}

/** What a code means and what to do about it, in one line; undefined for one that says nothing by itself. */
export function explained(code: string): { readonly line: string; readonly kind: ProviderErrorKind } | undefined {
  return CODES[code];
}

const CODES: Readonly<Record<string, { readonly line: string; readonly kind: ProviderErrorKind }>> = {
  'PCC-1001': { kind: 'bad_request', line: 'the agent has no version that is ready; `bottalk status` says why' },
  'PCC-1002': { kind: 'unauthorized', line: "the account has no public key; make one in Pipecat Cloud's dashboard" },
  'PCC-1004': { kind: 'quota', line: "the account has no billing set up; do that in Pipecat Cloud's dashboard" },
  'PCC-AGENT-AT-CAPACITY': { kind: 'rate_limited', line: 'every instance of the agent is in use; stop a session, or deploy with more --max-agents' },
  SPEND_LIMIT_REACHED: { kind: 'quota', line: "the account's spend limit is reached; raise it in Pipecat Cloud's dashboard" },
  PCC_IMAGE_NOT_FOUND: { kind: 'not_found', line: 'the image is not in its registry; check its name and tag' },
  PCC_IMAGE_PULL_UNAUTHORIZED: { kind: 'unauthorized', line: 'the registry lets nobody pull the image; check the image pull secret' },
  PCC_IMAGE_PULL_RATE_LIMIT: { kind: 'rate_limited', line: 'the registry is asked for images too often; use an image pull secret, or try later' },
  PCC_INVALID_IMAGE_PLATFORM: { kind: 'bad_request', line: 'the image is not for linux/arm64; build it with --platform linux/arm64' },
  PCC_IMAGE_TOO_LARGE: { kind: 'bad_request', line: 'the image is too large' },
  PCC_IMAGE_PULL_UNKNOWN_ERROR: { kind: 'server', line: 'the image could not be pulled' },
  PCC_UNKNOWN_ERROR: { kind: 'server', line: 'Pipecat Cloud could not bring the version up, and does not say why' },
};

/** Reads `{error, code}` leniently: either may be missing, `message` stands in for `error`, and a code may be a number. */
function readRefusal(text: string): { code: string | undefined; words: string | undefined } {
  const { error, message, code } = objectIn(text);
  const plain = typeof code === 'number' ? String(code) : code;
  return { code: typeof plain === 'string' && /^[\w-]{1,64}$/.test(plain) ? plain : undefined, words: quotable(error) ?? quotable(message) };
}

const LONGEST_QUOTE = 240;

/** A sentence of Pipecat Cloud's, fit for one line; undefined for what is no text. */
export function quotable(words: unknown): string | undefined {
  if (typeof words !== 'string' || words.trim() === '') return undefined;
  const line = displayable(words).trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}
