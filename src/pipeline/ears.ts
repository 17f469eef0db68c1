/**
 * What an agent hears: one voice-activity analyser per peer, and the last seconds of each peer's audio for
 * strategies that listen. What the analysers find acts at the next tick, in every room alike.
 */
import { FRAME_MS, FRAME_SAMPLES, msToSamples } from '../audio/format.ts';
import type { AudioFrame } from '../audio/frame.ts';
import { wholeMicroseconds } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import type { Participant } from '../room/room.ts';
import type { VadProvider } from './vad.ts';
import { VoiceActivity, type VoiceActivitySettings, type VoiceChange } from './voice-activity.ts';

/** Audio from so long before the first speech belongs to a turn (SmartTurn was trained with it). */
const PRE_SPEECH_MS = 500;
/** The longest stretch that a strategy looks at, and with it what is kept of each peer: a whole number of frames. */
const KEPT_SAMPLES = msToSamples(8000);

/** So much digital silence is no pause within a word. */
const SILENT_AFTER_MS = 100;

type Ear = {
  readonly participant: Participant;
  readonly activity: VoiceActivity;
  /** The last KEPT_SAMPLES samples; sample n stands at n modulo its length. */
  readonly kept: Int16Array | undefined;
  /** Samples heard since the ear was opened, silence included. */
  samples: number;
  heardUntilMs: number;
  /** The end of the last frame that was not digital silence. */
  soundUntilMs: number;
  /** The sample at which the audio of the turn begins. */
  turnFrom: number | undefined;
};

export type EarsOptions = {
  readonly agent: string;
  readonly log: EventLog;
  readonly vad: VadProvider;
  readonly settings: VoiceActivitySettings;
  readonly keepsAudio: boolean;
  /** Whether a turn is on; speech that began in none has no part in the next. */
  readonly inTurn: () => boolean;
  /** The first peer began to speak, at about `speechStartMs`. */
  readonly onStarted: (speechStartMs: number) => void;
  /** The last peer stopped; its speech had ended at `speechEndMs`. */
  readonly onStopped: (speechEndMs: number) => void;
};

export class Ears {
  readonly #options: EarsOptions;
  readonly #ears = new Map<string, Ear>();
  readonly #speaking = new Set<string>();
  #found: { readonly ear: Ear; readonly change: VoiceChange }[] = [];
  #lastChanged: Ear | undefined;

  constructor(options: EarsOptions) {
    this.#options = options;
  }

  /** Takes the peer's frame that began at `startMs`. */
  hear(from: Participant, frame: AudioFrame, startMs: number): void {
    const ear = this.#ears.get(from.id) ?? this.#open(from);
    const change = ear.activity.hear(frame, startMs);
    ear.kept?.set(frame.samples, ear.samples % KEPT_SAMPLES);
    ear.samples += FRAME_SAMPLES;
    ear.heardUntilMs = startMs + FRAME_MS;
    if (!frame.silent) ear.soundUntilMs = ear.heardUntilMs;
    if (change) this.#found.push({ ear, change });
  }

  /** Whether sound still comes from somebody who speaks: the VAD takes its time to say that speech has stopped. */
  get isSounding(): boolean {
    return [...this.#speaking].some((participant) => {
      const ear = this.#ears.get(participant);
      return ear !== undefined && ear.heardUntilMs - ear.soundUntilMs < SILENT_AFTER_MS;
    });
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
    for (const { ear, change } of found) this.#act(ear, change);
  }

  /** A peer left: what it was saying is over, and what was found of it and not acted on is nothing any more. */
  forget(participant: string): void {
    const ear = this.#ears.get(participant);
    if (!ear) return;
    this.#found = this.#found.filter((found) => found.ear !== ear);
    if (this.#speaking.has(participant)) this.#act(ear, { kind: 'stopped', audioMs: ear.heardUntilMs, silenceMs: 0, rescued: true });
    this.#ears.delete(participant);
    ear.activity.close();
  }

  /**
   * The audio of this turn by who was heard last: from PRE_SPEECH_MS and the VAD's start time before the VAD first
   * said that speech had started, to now; of more than KEPT_SAMPLES, the last ones.
   */
  turnAudio(): Int16Array {
    const ear = this.#lastChanged;
    if (!ear?.kept || ear.turnFrom === undefined) return new Int16Array(0);
    const count = Math.min(ear.samples - ear.turnFrom, KEPT_SAMPLES);
    const end = ear.samples % KEPT_SAMPLES;
    const audio = new Int16Array(count);
    const tail = Math.min(count, end);
    audio.set(ear.kept.subarray(end - tail, end), count - tail);
    if (tail < count) audio.set(ear.kept.subarray(KEPT_SAMPLES - (count - tail)), 0);
    return audio;
  }

  /** The turn is over: the next one's audio begins with its own first speech, or here where speech goes on. */
  endTurn(): void {
    for (const ear of this.#ears.values()) ear.turnFrom = this.#speaking.has(ear.participant.id) ? ear.samples : undefined;
  }

  /** Nothing is heard any more; speech that goes on is called off. */
  close(): void {
    this.#found = [];
    for (const ear of [...this.#ears.values()]) this.forget(ear.participant.id);
  }

  #open(participant: Participant): Ear {
    const { vad, settings, keepsAudio } = this.#options;
    const kept = keepsAudio ? new Int16Array(KEPT_SAMPLES) : undefined;
    const activity = new VoiceActivity(vad.open(), settings);
    const ear: Ear = { participant, activity, kept, samples: 0, heardUntilMs: 0, soundUntilMs: 0, turnFrom: undefined };
    this.#ears.set(participant.id, ear);
    return ear;
  }

  #act(ear: Ear, change: VoiceChange): void {
    const { log, agent, settings, inTurn, onStarted, onStopped } = this.#options;
    const participant = ear.participant.id;
    const { audioMs } = change;
    this.#lastChanged = ear;
    if (change.kind === 'started') {
      log.append({ type: 'vad.speech_started', agent, participant, audioMs });
      const startSecsMs = settings.startSecs * 1000;
      if (!inTurn() || ear.turnFrom === undefined) {
        const decidedAt = ear.samples - msToSamples(ear.heardUntilMs - audioMs);
        ear.turnFrom = Math.max(0, decidedAt - msToSamples(startSecsMs + PRE_SPEECH_MS));
      }
      this.#speaking.add(participant);
      if (this.#speaking.size === 1) onStarted(wholeMicroseconds(audioMs - startSecsMs));
      return;
    }
    const { silenceMs, rescued } = change;
    log.append({ type: 'vad.speech_stopped', agent, participant, audioMs, silenceMs, rescued });
    if (this.#speaking.delete(participant) && this.#speaking.size === 0) onStopped(wholeMicroseconds(audioMs - silenceMs));
  }
}
