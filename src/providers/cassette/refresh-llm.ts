/**
 * A language model that answers from a recording for as long as it is asked what was recorded, and asks the world from
 * the first other request on. Its pieces are charged by the wall: those of the recording are there at once.
 */
import type { Arrival } from '../../clock/arrival.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmChunk, LlmRequest } from '../../pipeline/llm.ts';
import { chatAsked, type ChatFacts, fingerprintOf } from './call-request.ts';
import type { CassetteCall } from './cassette.ts';
import { NO_WORD, saysSomething } from './cassette-llm.ts';
import { endOf, isWhole } from './played-answer.ts';
import type { Shelf } from './shelf.ts';

export type RefreshLlmOptions = {
  readonly agent: string;
  readonly settings: ChatFacts['settings'];
  readonly shelf: Shelf;
  readonly live: LiveLlm;
  /** Called whenever the world is asked. */
  readonly onLive: () => void;
  readonly onWarning: (message: string) => void;
};

type ChatPiece = LivePiece<LlmChunk>;

export class RefreshLlm implements LiveLlm {
  readonly name: string;
  readonly model: string;
  readonly #options: RefreshLlmOptions;
  #diverged = false;

  constructor(options: RefreshLlmOptions) {
    this.#options = options;
    this.name = options.live.name;
    this.model = options.live.model;
  }

  ask(request: LlmRequest, signal: AbortSignal): AsyncIterable<Arrival<ChatPiece>> {
    const { shelf, settings } = this.#options;
    const facts = { provider: this.name, model: this.model, settings };
    const call = this.#diverged ? undefined : shelf.takeEqual(fingerprintOf(chatAsked(request, facts)));
    return call ? this.#recorded(call, request, signal) : this.#live(request, signal);
  }

  #live(request: LlmRequest, signal: AbortSignal): AsyncIterable<Arrival<ChatPiece>> {
    this.#diverged = true;
    this.#options.onLive();
    return this.#options.live.ask(request, signal);
  }

  async *#recorded(call: CassetteCall, request: LlmRequest, signal: AbortSignal): AsyncGenerator<Arrival<ChatPiece>> {
    for (const { offsetMs, value } of call.pieces) yield { offsetMs, value: value as ChatPiece };
    if (isWhole(call)) return;
    const fromMs = endOf(call);
    yield { offsetMs: fromMs, value: NO_WORD };
    // Whoever gave it up as in the recording never comes here.
    if (saysSomething(call)) {
      this.#options.onWarning(`${this.#options.agent}'s answer ends where it was given up in the recording`);
      return yield* [{ offsetMs: fromMs, value: { kind: 'ended' } as const }];
    }
    for await (const { offsetMs, value } of this.#live(request, signal)) yield { offsetMs: fromMs + offsetMs, value };
  }
}
