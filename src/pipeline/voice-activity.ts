/**
 * What an agent's ears make of one peer: when it started to speak and when it stopped. Takes the peer's frames,
 * asks the model and the loudness gate window by window, and sleeps while there is digital silence. It has no clock:
 * the caller says what time it is.
 */
import { SAMPLE_RATE_HZ, samplesToMs } from '../audio/format.ts';
import type { AudioFrame } from '../audio/frame.ts';
import { LOUDNESS_WINDOW_SAMPLES, LoudnessMeter } from '../audio/loudness.ts';
import { wholeMicroseconds } from '../clock/clock.ts';
import { VAD_WINDOW_SAMPLES, type VadStream } from './vad.ts';
import { isSpeaking, QUIET, stepVoice, VAD_WINDOW_MS, type VoiceLimits, windowsIn } from './voice-state.ts';

export type VoiceActivitySettings = {
  /** The model must be this sure (0 to 1). */
  readonly confidence: number;
  readonly startSecs: number;
  readonly stopSecs: number;
  /** On the scale of LoudnessMeter: 0.4 lets pass whatever is audible, 0.6 is -50 LUFS. */
  readonly minVolume: number;
};

export type VoiceChange =
  /** `audioMs` is the call time at which the audio ended that decided. */
  | { readonly kind: 'started'; readonly audioMs: number }
  /** Speech had ended `silenceMs` before `audioMs`. Rescued: no audio came any more, and so it was called off. */
  | { readonly kind: 'stopped'; readonly audioMs: number; readonly silenceMs: number; readonly rescued: boolean };

/**
 * After so much digital silence the model is reset and not asked until the next sample that is not zero. Its state
 * would drift on zeros, and older weights then miss the next onset by a second. The sample that wakes it becomes the
 * first of a window, so that an utterance is always cut into the same windows, whenever it is said.
 */
const SLEEP_AFTER_SAMPLES = SAMPLE_RATE_HZ;
/** Speech is called off when no frame came for so long: the peer muted itself, or its line is down. */
const RESCUE_AFTER_MS = 1000;
/** How much of each new volume counts; from silence, ordinary speech passes 0.4 on the third window, 0.6 on the sixth. */
const VOLUME_SMOOTHING = 0.2;

export class VoiceActivity {
  readonly #stream: VadStream;
  readonly #settings: VoiceActivitySettings;
  readonly #limits: VoiceLimits;
  readonly #meter = new LoudnessMeter();
  readonly #window = new Int16Array(VAD_WINDOW_SAMPLES);
  #filled = 0;
  #state = QUIET;
  #volume = 0;
  #asleep = true;
  /** The unbroken run of zero samples up to now. */
  #zeroSamples = 0;
  #heardUntilMs = 0;

  /** Takes a stream of its own and closes it in the end. */
  constructor(stream: VadStream, settings: VoiceActivitySettings) {
    this.#stream = stream;
    this.#settings = settings;
    this.#limits = { startWindows: windowsIn(settings.startSecs), stopWindows: windowsIn(settings.stopSecs) };
  }

  /** Between started and stopped. */
  get isSpeaking(): boolean {
    return isSpeaking(this.#state);
  }

  /** Takes the frame whose first sample went out at `startMs`. At most one thing changes in a frame. */
  hear({ samples, silent }: AudioFrame, startMs: number): VoiceChange | undefined {
    this.#heardUntilMs = startMs + samplesToMs(samples.length);
    if (silent && this.#asleep) {
      this.#zeroSamples += samples.length;
      return undefined;
    }
    let change: VoiceChange | undefined;
    let next = 0;
    while (next < samples.length) {
      if (this.#asleep) {
        next = this.#sleepThrough(samples, next);
        continue;
      }
      const taken = Math.min(samples.length - next, VAD_WINDOW_SAMPLES - this.#filled);
      this.#window.set(samples.subarray(next, next + taken), this.#filled);
      this.#filled += taken;
      next += taken;
      if (this.#filled === VAD_WINDOW_SAMPLES) change = this.#judge(startMs + samplesToMs(next)) ?? change;
    }
    return change;
  }

  /** To be called at each tick: notices that frames have stopped coming. */
  idle(nowMs: number): VoiceChange | undefined {
    if (this.#asleep || nowMs - this.#heardUntilMs < RESCUE_AFTER_MS) return undefined;
    const wasSpeaking = this.isSpeaking;
    // A second without frames is as quiet as a second of zeros.
    this.#zeroSamples = SLEEP_AFTER_SAMPLES;
    this.#fallAsleep();
    if (!wasSpeaking) return undefined;
    return { kind: 'stopped', audioMs: this.#heardUntilMs + RESCUE_AFTER_MS, silenceMs: RESCUE_AFTER_MS, rescued: true };
  }

  close(): void {
    this.#stream.close();
  }

  /** Skips zeros from `from` on and wakes at the first sample that is not one. Returns where to go on. */
  #sleepThrough(samples: Int16Array, from: number): number {
    let next = from;
    while (next < samples.length && samples[next] === 0) next += 1;
    this.#zeroSamples += next - from;
    if (next < samples.length) {
      this.#asleep = false;
      // A meter that had listened to those zeros would hold just this, but for filter ringing far below its gate.
      this.#meter.restart(Math.min(this.#zeroSamples, LOUDNESS_WINDOW_SAMPLES));
    }
    return next;
  }

  #judge(audioEndMs: number): VoiceChange | undefined {
    this.#filled = 0;
    this.#volume += VOLUME_SMOOTHING * (this.#meter.measure(this.#window) - this.#volume);
    const sure = this.#stream.confidence(this.#window) >= this.#settings.confidence;
    const wasSpeaking = this.isSpeaking;
    this.#state = stepVoice(this.#state, sure && this.#volume >= this.#settings.minVolume, this.#limits);
    this.#countZeros();
    if (this.#state.phase === 'quiet' && this.#zeroSamples >= SLEEP_AFTER_SAMPLES) this.#fallAsleep();
    if (this.isSpeaking === wasSpeaking) return undefined;
    const audioMs = wholeMicroseconds(audioEndMs);
    if (!wasSpeaking) return { kind: 'started', audioMs };
    const silenceMs = Math.max(1, this.#limits.stopWindows) * VAD_WINDOW_MS;
    return { kind: 'stopped', audioMs, silenceMs, rescued: false };
  }

  #countZeros(): void {
    let trailing = 0;
    while (trailing < VAD_WINDOW_SAMPLES && this.#window[VAD_WINDOW_SAMPLES - 1 - trailing] === 0) trailing += 1;
    this.#zeroSamples = trailing === VAD_WINDOW_SAMPLES ? this.#zeroSamples + trailing : trailing;
  }

  /** What comes after waking depends on nothing that was before: neither the model, nor the volume, nor the window. */
  #fallAsleep(): void {
    this.#asleep = true;
    this.#stream.reset();
    this.#state = QUIET;
    this.#volume = 0;
    this.#filled = 0;
  }
}
