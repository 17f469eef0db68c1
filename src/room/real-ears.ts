/**
 * A room's transcription by a provider that listens to what was really said. Each stretch of speech becomes one
 * request, and its text a final transcript; for interim text the stretch is sent again and again while it goes on. Fits
 * every room: it is given frames in call time and gives transcripts. A stretch that could not be transcribed is an event
 * and leaves a gap, no more.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { FRAME_MS, samplesToMs } from '../audio/format.ts';
import { ProviderError } from '../base/errors.ts';
import { type Clock, type Gate, wholeMicroseconds } from '../clock/clock.ts';
import type { OnRetry } from '../clock/live-answer.ts';
import type { EventLog } from '../events/log.ts';
import type { HeardText, TimedWord } from './live-stt.ts';
import type { Participant, Transcript } from './room.ts';
import { type CutSpeech, SpeechCutter } from './speech-cutter.ts';
import type { SttProvider } from './stt.ts';

/**
 * What a room with real ears announces. Its text comes when the pause has lasted 500 ms, and then the provider takes its
 * time: 965 ms at the 95th percentile for gpt-4o-transcribe (pipecat-ai/stt-benchmark), and some for sending a file.
 */
export const REAL_EARS_LATENCY_MS = 2000;

export type RealEarsOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly stt: SttProvider;
  /** How often speech that goes on is sent as far as it has come; each time is one more request. Never if not given. */
  readonly interimIntervalMs?: number | undefined;
  /** Takes each final text, in the order in which its speaker said it. */
  readonly publish: (transcript: Transcript) => void;
};

type Ear = {
  readonly cutter: SpeechCutter;
  /** Aborted when nobody wants to know any more. */
  readonly leaving: AbortController;
  /** The requests whose answer is to come, in the order of speech; each opens its gate when it is over. */
  readonly pending: Map<string, Gate>;
  segments: number;
  /** The request for interim text that is open, and when the next one is due. */
  interim: Interim | undefined;
  interimDueMs: number | undefined;
};

type Interim = { readonly segmentId: string; readonly abort: AbortController };

export class RealEars {
  readonly #options: RealEarsOptions;
  readonly #ears = new Map<string, Ear>();

  constructor(options: RealEarsOptions) {
    this.#options = options;
  }

  /** What arrived of one participant in the 20 ms that began at `startMs`, undefined for nothing; for every frame in turn. */
  hear(from: Participant, arrived: AudioFrame | undefined, startMs: number): void {
    const ear = this.#earFor(from);
    for (const speech of ear.cutter.hear(arrived, startMs)) this.#transcribe(from, ear, speech);
    if (this.#options.interimIntervalMs !== undefined) this.#transcribeSoFar(from, ear, startMs + FRAME_MS, this.#options.interimIntervalMs);
  }

  /** Forgets a participant that leaves: no text comes of it any more. */
  forget(participant: string): void {
    const ear = this.#ears.get(participant);
    if (!ear) return;
    this.#ears.delete(participant);
    this.#dropInterim(participant, ear);
    for (const segmentId of ear.pending.keys()) this.#options.log.append({ type: 'stt.cancelled', participant, segmentId });
    ear.pending.clear();
    ear.leaving.abort();
  }

  close(): void {
    for (const participant of [...this.#ears.keys()]) this.forget(participant);
  }

  #earFor({ id }: Participant): Ear {
    const known = this.#ears.get(id);
    if (known) return known;
    const ear: Ear = {
      cutter: new SpeechCutter(),
      leaving: new AbortController(),
      pending: new Map(),
      segments: 0,
      interim: undefined,
      interimDueMs: undefined,
    };
    this.#ears.set(id, ear);
    return ear;
  }

  #transcribe({ id: participant, name }: Participant, ear: Ear, speech: CutSpeech): void {
    const { clock, log } = this.#options;
    const { startMs, endMs } = speech;
    const segmentId = `${participant}-s${++ear.segments}`;
    this.#dropInterim(participant, ear);
    log.append({ type: 'stt.requested', participant, segmentId, startMs, endMs, audioMs: lengthMs(speech) });
    const before = [...ear.pending.values()].at(-1);
    const over = clock.gate();
    ear.pending.set(segmentId, over);
    clock.task(async () => {
      const { signal } = ear.leaving;
      try {
        const text = await this.#understand({ participant, segmentId, speaker: name, speech }, signal);
        await before?.wait(signal);
        if (text !== '') this.#options.publish({ participant, text, final: true, startMs, endMs, upToPause: true });
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        ear.pending.delete(segmentId);
        over.open();
      }
    });
  }

  /** Asks for the speech that is on when that is due, one request at a time. */
  #transcribeSoFar({ id: participant, name }: Participant, ear: Ear, nowMs: number, intervalMs: number): void {
    const { clock, log } = this.#options;
    const speech = ear.cutter.soFar(nowMs);
    if (!speech) ear.interimDueMs = undefined;
    else ear.interimDueMs ??= speech.startMs + intervalMs;
    if (!speech || ear.interim || nowMs < (ear.interimDueMs ?? nowMs)) return;
    ear.interimDueMs = nowMs + intervalMs;
    const { startMs, endMs } = speech;
    const segmentId = `${participant}-s${ear.segments + 1}-at-${Math.round(endMs - startMs)}`;
    const abort = new AbortController();
    const interim: Interim = { segmentId, abort };
    ear.interim = interim;
    log.append({ type: 'stt.requested', participant, segmentId, startMs, endMs, audioMs: lengthMs(speech), interim: true });
    clock.task(async () => {
      try {
        const text = await this.#understand({ participant, segmentId, speaker: name, speech }, abort.signal);
        if (text !== '') this.#options.publish({ participant, text, final: false, startMs, endMs });
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      } finally {
        if (ear.interim === interim) ear.interim = undefined;
      }
    });
  }

  /** The final text will say all that the interim one would. */
  #dropInterim(participant: string, ear: Ear): void {
    if (!ear.interim) return;
    const { segmentId, abort } = ear.interim;
    ear.interim = undefined;
    this.#options.log.append({ type: 'stt.cancelled', participant, segmentId });
    abort.abort();
  }

  /** The text; none if the provider failed. */
  async #understand(question: Question, signal: AbortSignal): Promise<string> {
    try {
      return await this.#ask(question, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ProviderError)) throw error;
      const { participant, segmentId } = question;
      const { provider, kind, message } = error;
      this.#options.log.append({ type: 'stt.failed', participant, segmentId, provider, kind, message });
      return '';
    }
  }

  /** The text, without blanks around it. */
  async #ask({ participant, segmentId, speaker, speech }: Question, signal: AbortSignal): Promise<string> {
    const { clock, log, stt } = this.#options;
    const segment = { speaker, samples: speech.samples };
    const askedMs = clock.nowMs();
    const heard: HeardText[] = [];
    const onRetry: OnRetry = ({ attempt, retryInMs, failure: { provider, kind, message } }) =>
      log.append({ type: 'stt.retried', participant, segmentId, provider, kind, message, attempt, retryInMs });
    for await (const piece of stt.transcribe(segment, signal, onRetry)) heard.push(piece);
    const text = heard.map((piece) => piece.text.trim()).join(' ').trim();
    const words = heard.flatMap((piece) => piece.words ?? []).map((word) => inCallTime(word, speech.samplesStartMs));
    const durationMs = wholeMicroseconds(clock.nowMs() - askedMs);
    log.append({ type: 'stt.completed', participant, segmentId, text, durationMs, ...(words.length > 0 && { words }) });
    return text;
  }
}

type Question = { readonly participant: string; readonly segmentId: string; readonly speaker: string; readonly speech: CutSpeech };

function lengthMs({ samples }: CutSpeech): number {
  return wholeMicroseconds(samplesToMs(samples.length));
}

function inCallTime({ text, startMs, endMs }: TimedWord, sinceMs: number): TimedWord {
  return { text, startMs: wholeMicroseconds(sinceMs + startMs), endMs: wholeMicroseconds(sinceMs + endMs) };
}
