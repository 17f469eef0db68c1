/**
 * One question put to a model, and all that came of it: tries that failed, answers that could not be read, and the
 * answer. What was asked before in the same words is answered as it was then, without asking.
 */
import { type ContentCache, contentKey } from '../../base/content-cache.ts';
import type { LiveFailure, LivePiece } from '../../clock/live-answer.ts';
import type { EventOf, NewEvent } from '../../events/event.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmChunk, LlmRequest, TokenUsage } from '../../pipeline/llm.ts';
import type { Tape } from '../../pipeline/tape.ts';

type Piece = LivePiece<LlmChunk>;

/** Each try to its last piece; the last try answers, or failed, or could not be read. */
export type Take = readonly (readonly Piece[])[];

/** A model that answers otherwise than it was asked to rarely does so thrice. */
const READABLE_TRIES = 3;

export type TakeOptions = {
  readonly llm: LiveLlm;
  readonly tape: Tape | undefined;
  readonly request: LlmRequest;
  readonly isReadable: (text: string) => boolean;
  readonly signal: AbortSignal;
};

/** Undefined if it was given up. Throws what only a recording can: it was not asked this. */
export async function takeAnswer({ llm, tape, request, isReadable, signal }: TakeOptions): Promise<Take | undefined> {
  const tries: Piece[][] = [];
  for (let count = 0; count < READABLE_TRIES; count++) {
    const pieces: Piece[] = [];
    const takeDown = tape?.asked(llm.model, request, signal);
    for await (const { offsetMs, value } of llm.ask(request, signal)) {
      pieces.push(value);
      takeDown?.(value, offsetMs);
    }
    const last = pieces.at(-1)?.kind;
    if (signal.aborted || (last !== 'ended' && last !== 'failed')) return undefined;
    tries.push(pieces);
    if (last === 'failed' || isReadable(textOf(pieces))) break;
  }
  return tries;
}

/** Tells a recording what was answered before, as if it had been asked now. */
export function retell(take: Take, { model, tape, request, signal }: Pick<TakeOptions, 'tape' | 'request' | 'signal'> & { readonly model: string }): void {
  for (const pieces of take) {
    const takeDown = tape?.asked(model, request, signal);
    for (const piece of pieces) takeDown?.(piece, 0);
  }
}

/** What was said in the try that counts. */
export function answerText(take: Take): string {
  return textOf(take.at(-1) ?? []);
}

/** Undefined where the model said something. */
export function failureOf(take: Take): LiveFailure | undefined {
  const last = take.at(-1)?.at(-1);
  return last?.kind === 'failed' ? last.failure : undefined;
}

/** Whose answer it was, and whether it is one. */
export type TakeFacts = { readonly requestId: string; readonly provider: string; readonly model: string; readonly isAnswered: boolean };

/** What the log is told of it. */
export function takeEvents(take: Take, { requestId, provider, model, isAnswered }: TakeFacts): NewEvent[] {
  const unreadable = { requestId, provider, kind: 'server', message: `${model} answered what cannot be read as a verdict` };
  let attempt = 0;
  const retries = take.flatMap((pieces, i): NewEvent[] => {
    const failed = pieces.flatMap((piece): NewEvent[] => {
      if (piece.kind !== 'retrying') return [];
      const { kind, message } = piece.failure;
      return [{ type: 'evaluation.retried', requestId, provider, kind, message, attempt: ++attempt, retryInMs: piece.retryInMs }];
    });
    return i === take.length - 1 ? failed : [...failed, { type: 'evaluation.retried', ...unreadable, attempt: ++attempt, retryInMs: 0 }];
  });
  if (isAnswered) return [...retries, { type: 'evaluation.completed', requestId, ...tokensOf(take) }];
  const { kind, message } = failureOf(take) ?? unreadable;
  return [...retries, { type: 'evaluation.failed', requestId, provider, kind, message }];
}

/** Why there is no answer, if there is none. */
export function whyNone(events: readonly NewEvent[]): string | undefined {
  return events.find((event) => event.type === 'evaluation.failed')?.message;
}

export type KeyFacts = { readonly host: string; readonly model: string; readonly settings: object; readonly vote: number };

/** All that determines an answer. `vote`: the same question again is another one. */
export function takeKey({ messages, answerFormat }: LlmRequest, { host, model, settings, vote }: KeyFacts): string {
  return contentKey('evaluation 1', host, model, JSON.stringify([settings, messages, answerFormat ?? null]), String(vote));
}

export function rememberedTake(cache: ContentCache | undefined, key: string): Take | undefined {
  const bytes = cache?.read(key);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Take);
}

export function rememberTake(cache: ContentCache | undefined, key: string, take: Take): void {
  cache?.write(key, new TextEncoder().encode(JSON.stringify(take)));
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
}

/** Of all tries together; unknown as soon as one did not tell. */
function tokensOf(take: Take): Pick<EventOf<'evaluation.completed'>, 'promptTokens' | 'completionTokens' | 'cachedPromptTokens'> {
  const usages = take.map((pieces) => pieces.find((piece) => piece.kind === 'usage')?.usage);
  if (!usages.every((usage): usage is TokenUsage => usage !== undefined)) return { promptTokens: null, completionTokens: null };
  const sum = (of: (usage: TokenUsage) => number): number => usages.reduce((total, usage) => total + of(usage), 0);
  const cachedPromptTokens = sum((usage) => usage.cachedPromptTokens ?? 0);
  return {
    promptTokens: sum((usage) => usage.promptTokens),
    completionTokens: sum((usage) => usage.completionTokens),
    ...(cachedPromptTokens > 0 && { cachedPromptTokens }),
  };
}
