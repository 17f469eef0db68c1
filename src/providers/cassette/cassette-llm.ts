/**
 * A language model that is a recording. `strict` answers only what was asked before; `timing` gives the n-th answer to
 * the n-th request, whatever that asks. Opens no connection and needs no key.
 */
import { MismatchError } from '../../base/errors.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { Clock } from '../../clock/clock.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmChunk, LlmRequest } from '../../pipeline/llm.ts';
import { type ChatAsked, chatAsked, type ChatFacts, fingerprintOf } from './call-request.ts';
import type { CassetteCall } from './cassette.ts';
import { chatMismatch } from './mismatch.ts';
import { endOf, isWhole, playedAnswer } from './played-answer.ts';
import type { Shelf } from './shelf.ts';

export type CassetteLlmOptions = {
  readonly clock: Clock;
  readonly mode: 'strict' | 'timing';
  readonly agent: string;
  readonly facts: ChatFacts;
  readonly shelf: Shelf;
  readonly onWarning: (message: string) => void;
};

type ChatPiece = LivePiece<LlmChunk>;

/** Holds a place in time: nobody takes it for a word. */
export const NO_WORD: LlmChunk = { kind: 'text', text: '' };

export class CassetteLlm implements LiveLlm {
  readonly name: string;
  readonly model: string;
  readonly #options: CassetteLlmOptions;

  constructor(options: CassetteLlmOptions) {
    this.#options = options;
    this.name = options.facts.provider;
    this.model = options.facts.model;
  }

  /** Throws a MismatchError. */
  ask(request: LlmRequest, signal: AbortSignal): AsyncIterable<Arrival<ChatPiece>> {
    const asked = chatAsked(request, this.#options.facts);
    return this.#options.mode === 'strict' ? this.#askStrictly(asked, signal) : this.#goOn(asked, this.#next(asked));
  }

  #askStrictly(asked: ChatAsked, signal: AbortSignal): AsyncIterable<Arrival<ChatPiece>> {
    const { clock, agent, shelf } = this.#options;
    const expected = shelf.expected;
    const call = shelf.takeEqual(fingerprintOf(asked));
    if (!call) throw chatMismatch(agent, asked, expected?.request as ChatAsked | undefined);
    const onOverdue = (): void => {
      throw new MismatchError(`${agent}'s brain is listened to for longer than it was recorded: the recorded answer was given up`);
    };
    return playedAnswer<LlmChunk>(call, { clock, signal, onOverdue });
  }

  /** An answer that was given up ends where it was given up; if no word was there yet, the answer after it goes on. */
  async *#goOn(asked: ChatAsked, first: CassetteCall): AsyncGenerator<Arrival<ChatPiece>> {
    let call = first;
    let fromMs = 0;
    for (;;) {
      for (const { offsetMs, value } of call.pieces) yield { offsetMs: Math.max(fromMs, offsetMs), value: value as ChatPiece };
      if (isWhole(call)) return;
      fromMs = Math.max(fromMs, endOf(call));
      yield { offsetMs: fromMs, value: NO_WORD };
      // Whoever gave it up as in the recording never comes here.
      const { agent, onWarning } = this.#options;
      onWarning(`${agent}'s answer ends where it was given up in the recording`);
      if (saysSomething(call)) break;
      call = this.#next(asked);
    }
    yield { offsetMs: fromMs, value: { kind: 'ended' } };
  }

  #next(asked: ChatAsked): CassetteCall {
    const { agent, shelf } = this.#options;
    const call = shelf.takeNext();
    if (!call) throw chatMismatch(agent, asked, undefined);
    return call;
  }
}

export function saysSomething({ pieces }: CassetteCall): boolean {
  return pieces.some(({ value }) => value.kind === 'text' || value.kind === 'tool_call');
}
