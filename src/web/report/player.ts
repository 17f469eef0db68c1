/** Plays the sound of the call, in call time: whoever asks for a moment hears that moment, the codec's delay taken off. */
import { signal } from '@preact/signals';
import type { SoundStory } from '../../metrics/pages/run-document.ts';
import { soundAddress } from './embedded.ts';

export const SPEEDS = [1, 1.25, 1.5, 2] as const;

export class Player {
  readonly positionMs = signal(0);
  readonly playing = signal(false);
  readonly speed = signal<number>(1);
  readonly callMs: number;
  readonly #sound: SoundStory | null;
  readonly #unplayable = signal(false);
  #audio: Promise<HTMLAudioElement> | undefined;
  #loaded: HTMLAudioElement | undefined;

  constructor(sound: SoundStory | null, callMs: number) {
    this.#sound = sound;
    this.callMs = callMs;
  }

  /** False where there is nothing to hear; one can still walk through the call. */
  get hasSound(): boolean {
    return this.silence === null;
  }

  /** Why there is nothing to hear; null where there is. */
  get silence(): string | null {
    if (this.#sound === null) return 'no recording';
    return this.#unplayable.value ? 'this browser cannot play the recording' : null;
  }

  seek(ms: number): void {
    const atMs = Math.min(Math.max(0, ms), this.callMs);
    this.positionMs.value = atMs;
    if (this.#loaded) this.#move(this.#loaded);
  }

  /** From a moment, or from where it stands. */
  play(fromMs?: number): void {
    if (!this.hasSound) {
      if (fromMs !== undefined) this.seek(fromMs);
      return;
    }
    const atEnd = this.positionMs.value >= this.callMs - 50;
    this.seek(fromMs ?? (atEnd ? 0 : this.positionMs.value));
    this.playing.value = true;
    void this.#open().then((audio) => {
      if (!this.playing.value) return;
      // A press on pause before it began is no fault.
      audio.play().catch(() => (this.playing.value = false));
    });
  }

  pause(): void {
    this.playing.value = false;
    this.#loaded?.pause();
  }

  toggle(): void {
    if (this.playing.value) this.pause();
    else this.play();
  }

  setSpeed(speed: number): void {
    this.speed.value = speed;
    if (this.#loaded) this.#loaded.playbackRate = speed;
  }

  #open(): Promise<HTMLAudioElement> {
    this.#audio ??= new Promise((resolve) => {
      const audio = new Audio();
      audio.preload = 'auto';
      audio.preservesPitch = true;
      audio.addEventListener('loadedmetadata', () => {
        this.#loaded = audio;
        audio.playbackRate = this.speed.value;
        this.#move(audio);
        resolve(audio);
      });
      audio.addEventListener('error', () => {
        this.playing.value = false;
        this.#unplayable.value = true;
      });
      audio.addEventListener('ended', () => this.#stopAt(this.callMs));
      audio.addEventListener('play', () => requestAnimationFrame(this.#follow));
      audio.addEventListener('pause', () => {
        if (!audio.ended) this.playing.value = false;
      });
      audio.addEventListener('play', () => (this.playing.value = true));
      audio.src = soundAddress(this.#sound?.type ?? '') ?? '';
    });
    return this.#audio;
  }

  readonly #follow = (): void => {
    const audio = this.#loaded;
    if (!audio || audio.paused) return;
    if (!audio.seeking) this.positionMs.value = Math.max(0, audio.currentTime * 1000 - this.#delayMs);
    requestAnimationFrame(this.#follow);
  };

  #move(audio: HTMLAudioElement): void {
    audio.currentTime = (this.positionMs.value + this.#delayMs) / 1000;
  }

  #stopAt(ms: number): void {
    this.playing.value = false;
    this.positionMs.value = ms;
  }

  get #delayMs(): number {
    return this.#sound?.delayMs ?? 0;
  }
}
