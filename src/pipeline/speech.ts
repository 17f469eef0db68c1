/**
 * One context of speech on its way out: sentences go to the voice, its sound goes to the playout, and both end
 * together. It logs what the voice and the playout do, and says once how it ended.
 */
import { samplesToMs } from '../audio/format.ts';
import { ProviderError } from '../base/errors.ts';
import { type Clock, type Timer, wholeMicroseconds } from '../clock/clock.ts';
import type { UtteranceKind } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Retry } from '../clock/live-answer.ts';
import { type Playout, Utterance, type UtteranceOutcome } from './playout.ts';
import type { Purse } from './purse.ts';
import type { TtsContext, TtsProvider } from './tts.ts';

/** A voice that owes sound and sends none for so long is given up (Pipecat's watchdog has the same number). */
const STALL_MS = 3000;
const NOTHING_SAID: UtteranceOutcome = { words: [], cut: false };

export type SpeechOutcome = {
  readonly heard: string;
  /** What was given to the voice and not heard. */
  readonly unheard: string;
  readonly cut: boolean;
  /** The voice did not say all of it. */
  readonly failed: boolean;
};

/** What speech needs of its agent. */
export type SpeechDeps = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly playout: Playout;
  readonly tts: TtsProvider;
  readonly agent: string;
  readonly voice: string;
  /** Where the agent stands among events of one instant. */
  readonly order: number;
  /** Asked before each sentence; without one, money is no object. */
  readonly purse?: Purse | undefined;
};

export type SpeechOptions = {
  readonly utteranceId: string;
  readonly replyId: string | null;
  readonly kind: UtteranceKind;
  readonly onStarted?: () => void;
  /** Called once, whatever happens. */
  readonly onStopped?: (outcome: SpeechOutcome) => void;
};

export class Speech {
  readonly #deps: SpeechDeps;
  readonly #options: SpeechOptions;
  readonly #abort = new AbortController();
  readonly #utterance: Utterance;
  #context: TtsContext | undefined;
  #requestedMs = 0;
  readonly #sentences: string[] = [];
  #ended = false;
  #over = false;
  #failed = false;
  #voiceDone = false;
  #stall: Timer | undefined;

  constructor(deps: SpeechDeps, options: SpeechOptions) {
    this.#deps = deps;
    this.#options = options;
    const { utteranceId, replyId, kind } = options;
    this.#utterance = new Utterance({
      id: utteranceId,
      kind,
      onStarted: () => {
        deps.log.append({ type: 'utterance.started', agent: deps.agent, utteranceId, replyId, kind });
        options.onStarted?.();
      },
      onStopped: (outcome) => {
        const { words, cut } = outcome;
        deps.log.append({ type: 'utterance.stopped', agent: deps.agent, utteranceId, replyId, kind, words, cut });
        this.#stop(outcome);
      },
    });
  }

  /** Whether the first sample has gone out. */
  get started(): boolean {
    return this.#utterance.started;
  }

  /** Whether anything was given to the voice. */
  get requested(): boolean {
    return this.#context !== undefined;
  }

  /** Has one more sentence spoken. After the voice has failed it can only be noted as unheard. */
  send(sentence: string): void {
    const { log, agent, purse } = this.#deps;
    if (this.#over || (!this.#failed && purse?.affordsSpeech(agent, sentence.length) === false)) return;
    this.#sentences.push(sentence);
    if (this.#failed) return;
    const context = this.#context ?? this.#open();
    log.append({ type: 'tts.sentence_sent', agent, utteranceId: this.#options.utteranceId, text: sentence });
    context.send(sentence);
  }

  /** No sentence will follow. Without any, the speech is over at once. */
  end(): void {
    if (this.#over || this.#ended) return;
    this.#ended = true;
    if (!this.#context) return this.#stop(NOTHING_SAID);
    if (this.#failed) return;
    this.#context.end();
    this.#watchForStall();
  }

  /** Ends the voice's stream and the playout together; what was played so far stays heard. */
  cancel(): void {
    if (this.#over) return;
    const { log, agent, playout } = this.#deps;
    if (this.#context && !this.#abort.signal.aborted) {
      if (!this.#voiceDone) log.append({ type: 'tts.cancelled', agent, utteranceId: this.#options.utteranceId });
      this.#abort.abort();
    }
    playout.drop(this.#utterance);
    this.#stop({ ...NOTHING_SAID, cut: true });
  }

  #open(): TtsContext {
    const { clock, log, playout, tts, agent, voice } = this.#deps;
    const { utteranceId } = this.#options;
    this.#requestedMs = clock.nowMs();
    const context = tts.open({ agent, replyId: utteranceId, voice }, this.#abort.signal, (retry) => this.#retried(retry));
    this.#context = context;
    log.append({ type: 'tts.requested', agent, utteranceId, voice });
    playout.enqueue(this.#utterance);
    clock.task(() => this.#receive(context));
    this.#watchForStall();
    return context;
  }

  async #receive(context: TtsContext): Promise<void> {
    const { clock, log, agent } = this.#deps;
    const { utteranceId } = this.#options;
    const sinceRequestMs = (): number => wholeMicroseconds(clock.nowMs() - this.#requestedMs);
    try {
      for await (const chunk of context.chunks()) {
        if (this.#abort.signal.aborted) return;
        const first = this.#utterance.receivedSamples === 0 && chunk.samples.length > 0;
        if (first) log.append({ type: 'tts.first_audio', agent, utteranceId, ttfbMs: sinceRequestMs() });
        this.#utterance.receive(chunk);
        if (chunk.samples.length > 0) this.#watchForStall();
      }
      if (this.#abort.signal.aborted) return;
      if (this.#utterance.receivedSamples === 0) {
        throw new ProviderError('the voice sent no audio', { provider: this.#deps.tts.name, kind: 'empty', retryable: true });
      }
      const audioMs = wholeMicroseconds(samplesToMs(this.#utterance.receivedSamples));
      const characters = this.#sentences.reduce((sum, sentence) => sum + sentence.length, 0);
      log.append({ type: 'tts.completed', agent, utteranceId, durationMs: sinceRequestMs(), audioMs, characters });
      this.#voiceIsDone();
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      if (!(error instanceof ProviderError)) throw error;
      this.#fail(error);
    }
  }

  /** The next try may take as long as the first. */
  #retried({ attempt, retryInMs, failure: { provider, kind, message } }: Retry): void {
    const { log, agent } = this.#deps;
    log.append({ type: 'tts.retried', agent, utteranceId: this.#options.utteranceId, provider, kind, message, attempt, retryInMs });
    this.#watchForStall(retryInMs);
  }

  /** What has arrived is still played; the rest is lost, and said to be. */
  #fail(error: ProviderError): void {
    const { log, agent, playout } = this.#deps;
    const { provider, kind, message } = error;
    log.append({ type: 'tts.failed', agent, utteranceId: this.#options.utteranceId, provider, kind, message });
    this.#failed = true;
    this.#abort.abort();
    this.#voiceIsDone();
    if (this.#utterance.receivedSamples > 0) return;
    playout.drop(this.#utterance);
    this.#stop(NOTHING_SAID);
  }

  #voiceIsDone(): void {
    this.#voiceDone = true;
    this.#stall?.cancel();
    this.#utterance.complete();
  }

  #watchForStall(afterMs = 0): void {
    const { clock, order, tts } = this.#deps;
    this.#stall?.cancel();
    const owesSound = this.#utterance.receivedSamples === 0 || this.#ended;
    if (!owesSound || this.#voiceDone) return;
    this.#stall = clock.at(clock.nowMs() + afterMs + STALL_MS, { phase: 'turn', order }, () => {
      this.#fail(new ProviderError(`the voice sent nothing for ${STALL_MS} ms`, { provider: tts.name, kind: 'timeout', retryable: true }));
    });
  }

  #stop({ words, cut }: UtteranceOutcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#stall?.cancel();
    const heard = words.map((word) => word.text).join(' ');
    const intended = this.#sentences.join(' ').split(/\s+/);
    const whole = !cut && !this.#failed;
    const unheard = whole ? '' : intended.slice(heard === '' ? 0 : heard.split(/\s+/).length).join(' ');
    this.#options.onStopped?.({ heard, unheard, cut, failed: this.#failed });
  }
}
