/**
 * The kinds of trouble. What the user can fix is a UsageError (exit 2), what the world did to us is a ProviderError
 * and what a recording does not hold a MismatchError (exit 3), and anything else that is thrown is our own bug (exit 70).
 */

/** A place in a file that the user wrote; line and column count from 1. */
export type SourcePlace = { readonly file: string; readonly line: number; readonly column: number };

/** One mistake of the user, with what to do about it. */
export type Mistake = { readonly message: string; readonly place?: SourcePlace; readonly hint?: string };

/** The user can fix it: flags, environment, YAML, files. Carries every mistake found, not only the first. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: string | Mistake | readonly Mistake[], hint?: string) {
    const list: readonly Mistake[] =
      typeof mistakes === 'string'
        ? [hint === undefined ? { message: mistakes } : { message: mistakes, hint }]
        : 'message' in mistakes
          ? [mistakes]
          : mistakes;
    super(list.map(formatMistake).join('\n'));
    this.mistakes = list;
  }
}

/** `file:line:column: message (hint)`, one line. */
export function formatMistake({ message, place, hint }: Mistake): string {
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
  // Messages quote what the user wrote, and that may break the line or steer the terminal.
  return `${where}${message}${hint ? ` (${hint})` : ''}`.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** The mistakes that a check throws, as a list, so that they can be told with those of other checks. */
export function mistakesOf(check: () => unknown): readonly Mistake[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof UsageError) return error.mistakes;
    throw error;
  }
}

/** What went wrong in the world, by kind; retry rules and reports go by this and never by the message. */
export type ProviderErrorKind =
  | 'unauthorized'
  | 'quota'
  | 'rate_limited'
  | 'not_found'
  | 'bad_request'
  | 'timeout'
  | 'network'
  | 'server'
  | 'empty'
  | 'unsupported';

const LASTING: ReadonlySet<string> = new Set<ProviderErrorKind>(['unauthorized', 'quota', 'not_found']);

/** Whether every further request of this run would fail in the same way, so that there is no use in going on. */
export function isLasting(kind: string): boolean {
  return LASTING.has(kind);
}

/** The world failed. Made in the adapter; holds no secret and no raw vendor payload. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly provider: string;
  readonly kind: ProviderErrorKind;
  readonly retryable: boolean;
  readonly status: number | undefined;
  /** How long the provider asks to be left alone (Retry-After). */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    facts: {
      provider: string;
      kind: ProviderErrorKind;
      retryable?: boolean;
      status?: number | undefined;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.provider = facts.provider;
    this.kind = facts.kind;
    this.retryable = facts.retryable ?? false;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** A recording that is played was asked for what it does not hold. The message says what, in one line (exit 3). */
export class MismatchError extends Error {
  override readonly name = 'MismatchError';
}

/** What is told of an error where it ends something: who it was, if it was somebody, and what. One line. */
export function reasonOf(error: unknown): string {
  if (error instanceof ProviderError) return `${error.provider}: ${error.message}`;
  if (error instanceof MismatchError) return `cassette: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/** Thrown by an invariant: only a bug of ours can break one. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/** Asserts what only a bug can break. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** Makes a switch over a closed union exhaustive. */
export function unreachable(value: never): never {
  throw new BugError(`unexpected value ${JSON.stringify(value)}`);
}
