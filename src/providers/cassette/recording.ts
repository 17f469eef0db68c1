/**
 * Takes down, in call time, what a run asks of the world and what it gets. It changes nothing of either. Calls stand in
 * the order in which they were opened.
 */
import type { Arrival } from '../../clock/arrival.ts';
import { type Clock, wholeMicroseconds } from '../../clock/clock.ts';
import type { Lag } from '../../clock/lag-watch.ts';
import type { TakeDown } from '../../clock/live-answer.ts';
import type { Tape } from '../../pipeline/tape.ts';
import type { SttTape } from '../../room/live-stt.ts';
import { type CallRequest, chatAsked, type ChatFacts, transcriptionAsked } from './call-request.ts';
import type { AnyPiece, Cassette, CassetteCall, CassetteHeader } from './cassette.ts';

export type RecordedProviders = {
  readonly agent: string;
  readonly llm: Omit<ChatFacts, 'model'>;
  readonly tts: { readonly provider: string };
};

/** What is asked is known in full only when all of it was sent. */
type Opening = Pick<CassetteCall, 'kind' | 'agent'> & { readonly request: () => CallRequest; readonly signal: AbortSignal };
type OpenCall = Pick<Opening, 'request'> & {
  readonly call: Pick<CassetteCall, 'kind' | 'agent' | 'atMs'>;
  readonly pieces: Arrival<AnyPiece>[];
  givenUpMs?: number;
};

export class Recording {
  readonly #calls: OpenCall[] = [];
  readonly #bottalk: string;
  /** What was taken down elsewhere. */
  readonly #added: CassetteCall[] = [];
  #header: CassetteHeader | undefined;

  constructor(options: { readonly version: string }) {
    this.#bottalk = options.version;
  }

  /** What the run is made of; there is no cassette before that is known. */
  begin(run: Omit<CassetteHeader, 'bottalk'>): void {
    this.#header = { bottalk: this.#bottalk, ...run };
  }

  /** The machine did not keep up with the run. */
  lagged(lag: Lag): void {
    if (this.#header) this.#header = { ...this.#header, lag };
  }

  /** Undefined if the run did not begin. */
  cassette(): Cassette | undefined {
    return this.#header && { header: this.#header, calls: this.calls() };
  }

  /** All that was taken down so far. */
  calls(): CassetteCall[] {
    const own = this.#calls.map(({ call, request, pieces, givenUpMs }): CassetteCall => {
      return { ...call, request: request(), pieces, ...(givenUpMs !== undefined && { givenUpMs }) };
    });
    return this.#added.length === 0 ? own : [...own, ...this.#added].toSorted((a, b) => a.atMs - b.atMs);
  }

  /** Adds what another process took down of the same call. */
  add(calls: readonly CassetteCall[]): void {
    this.#added.push(...calls);
  }

  tape(clock: Clock, { agent, llm, tts }: RecordedProviders): Tape {
    return {
      asked: (model, request, signal) => {
        const kind = request.cause === 'end_of_turn' || request.cause === 'evaluation' ? request.cause : 'llm';
        return this.#open(clock, { kind, agent, signal, request: () => chatAsked(request, { ...llm, model }) });
      },
      opened: (model, { voice }, signal) => {
        const sentences: string[] = [];
        const arrived = this.#open(clock, { kind: 'speech', agent, signal, request: () => ({ ...tts, model, voice, sentences }) });
        return { sent: (sentence) => void sentences.push(sentence), ended: () => {}, arrived };
      },
    };
  }

  sttTape(clock: Clock, provider: string): SttTape {
    return {
      heard: (model, { speaker, samples }, signal) => {
        const request = transcriptionAsked(samples, { provider, model });
        return this.#open(clock, { kind: 'transcription', agent: speaker, signal, request: () => request });
      },
    };
  }

  #open(clock: Clock, { kind, agent, signal, request }: Opening): TakeDown<{ readonly kind: string }> {
    const atMs = clock.nowMs();
    const open: OpenCall = { call: { kind, agent, atMs }, request, pieces: [] };
    this.#calls.push(open);
    const giveUp = (): void => void (open.givenUpMs = wholeMicroseconds(clock.nowMs() - atMs));
    signal.addEventListener('abort', giveUp, { once: true });
    return (value, offsetMs) => {
      open.pieces.push({ offsetMs, value });
      // What is over cannot be given up.
      if (value.kind === 'ended' || value.kind === 'failed') signal.removeEventListener('abort', giveUp);
    };
  }
}
