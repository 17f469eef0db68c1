/**
 * What an agent hears: one voice-activity analyser per peer, and the last seconds of each peer's audio for
 * strategies that listen. What the analysers find acts at the next tick, in every room alike.
 */
import { FRAME_MS, FRAME_SAMPLES, msToSamples } from '../audio/format.ts';
import type { AudioFrame } from '../audio/frame.ts';
import type { EventLog } from '../events/log.ts';
import type { Participant } from '../room/room.ts';
import type { VadProvider } from './vad.ts';
import { VoiceActivity, type VoiceActivitySettings, type VoiceChange } from './voice-activity.ts';

/** Audio from so long before the first speech belongs to a turn (SmartTurn was trained with it). */
const PRE_SPEECH_MS = 500;
/** The longest stretch that a strategy looks at, and with it what is kept of each peer. */
const KEPT_MS = 12_000;

type Ear = {
  readonly participant: Participant;
  readonly activity: VoiceActivity;
  readonly kept: Int16Array | undefined;
  /** Samples heard since the ear was opened, silence included. */
  samples: number;
  heardUntilMs: number;
};

export type EarsOptions = {
  readonly agent: string;
  readonly log: EventLog;
  readonly vad: VadProvider;
  readonly settings: VoiceActivitySettings;
  readonly keepsAudio: boolean;
  /** The first peer began to speak; speech began about `speechMs` before now. */
  readonly onStarted: (nowMs: number, speechMs: number) => void;
  /** The last peer stopped; speech had ended `silenceMs` before now. */
  readonly onStopped: (nowMs: number, silenceMs: number) => void;
};

export class Ears {
  readonly #options: EarsOptions;
  readonly #ears = new Map<string, Ear>();
  readonly #speaking = new Set<string>();
  #found: { readonly ear: Ear; readonly change: VoiceChange }[] = [];
  #turnStartedMs: number | undefined;
  #lastHeard: Ear | undefined;

  constructor(options: EarsOptions) {
    this.#options = options;
  }

  /** Takes the peer's frame that began at `startMs`. */
  hear(from: Participant, frame: AudioFrame, startMs: number): void {
    const ear = this.#ears.get(from.id) ?? this.#open(from);
    const change = ear.activity.hear(frame, startMs);
    ear.kept?.set(frame.samples, ear.samples % ear.kept.length);
    ear.samples += FRAME_SAMPLES;
    ear.heardUntilMs = startMs + FRAME_MS;
    if (change) this.#found.push({ ear, change });
  }

  /** Acts on what was found since the last tick, and looks for peers whose frames have stopped. */
  tick(nowMs: number): void {
    for (const ear of this.#ears.values()) {
      const change = ear.activity.idle(nowMs);
      if (change) this.#found.push({ ear, change });
    }
    if (this.#found.length === 0) return;
    const found = this.#found;
    this.#found = [];
    for (const { ear, change } of found) this.#act(ear, change, nowMs);
  }

  /** A peer left: what it was saying is over. */
  forget(participant: string, nowMs: number): void {
    const ear = this.#ears.get(participant);
    if (!ear) return;
    if (this.#speaking.has(participant)) this.#act(ear, { kind: 'stopped', audioMs: ear.heardUntilMs, silenceMs: 0, rescued: true }, nowMs);
    this.#ears.delete(participant);
    ear.activity.close();
  }

  /** The audio of this turn, from just before its first speech. */
  turnAudio(): Int16Array {
    const ear = this.#lastHeard;
    if (!ear?.kept || this.#turnStartedMs === undefined) return new Int16Array(0);
    const wantedMs = ear.heardUntilMs - this.#turnStartedMs + PRE_SPEECH_MS;
    const count = Math.min(msToSamples(wantedMs), ear.kept.length, ear.samples);
    const end = ear.samples % ear.kept.length;
    const audio = new Int16Array(count);
    const tail = Math.min(count, end);
    audio.set(ear.kept.subarray(end - tail, end), count - tail);
    if (tail < count) audio.set(ear.kept.subarray(ear.kept.length - (count - tail)), 0);
    return audio;
  }

  /** The turn is over: the next one's audio begins with its own first speech. */
  endTurn(): void {
    this.#turnStartedMs = undefined;
  }

  close(): void {
    for (const ear of this.#ears.values()) ear.activity.close();
    this.#ears.clear();
  }

  #open(participant: Participant): Ear {
    const { vad, settings, keepsAudio } = this.#options;
    const kept = keepsAudio ? new Int16Array(msToSamples(KEPT_MS)) : undefined;
    const ear: Ear = { participant, activity: new VoiceActivity(vad.open(), settings), kept, samples: 0, heardUntilMs: 0 };
    this.#ears.set(participant.id, ear);
    return ear;
  }

  #act(ear: Ear, change: VoiceChange, nowMs: number): void {
    const { log, agent, settings, onStarted, onStopped } = this.#options;
    const participant = ear.participant.id;
    const { audioMs } = change;
    this.#lastHeard = ear;
    if (change.kind === 'started') {
      log.append({ type: 'vad.speech_started', agent, participant, audioMs });
      const speechMs = nowMs - audioMs + settings.startSecs * 1000;
      this.#turnStartedMs ??= nowMs - speechMs;
      this.#speaking.add(participant);
      if (this.#speaking.size === 1) onStarted(nowMs, speechMs);
      return;
    }
    const { silenceMs, rescued } = change;
    log.append({ type: 'vad.speech_stopped', agent, participant, audioMs, silenceMs, rescued });
    if (this.#speaking.delete(participant) && this.#speaking.size === 0) onStopped(nowMs, nowMs - audioMs + silenceMs);
  }
}
