/**
 * Plays a call on this page: in the audio thread as soon as the browser lets sound out, which it does after a click or
 * a key, and before that silently by the wall. Either way it tells how far the call was played.
 */
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { CallSound, type Played, type SoundOrder } from './call-sound.ts';

/** About two seconds in which the audio thread says nothing: then there is none, or the browser has halted it. Counted in looks and
 * not in time, because after a sleep of the machine nobody has said anything either. */
const SILENT_LOOKS = 60;

/** Longer stalls of the page (a hidden tab, a sleeping machine) are not played after it. */
const LONGEST_SILENT_STEP_MS = 1_000;

export type SpeakerOptions = {
  readonly wall: WallClock;
  /** Where the script of the audio thread is. */
  readonly script: string;
  readonly onPlayed: (played: Played) => void;
};

export class Speaker {
  readonly #options: SpeakerOptions;
  /** Plays unheard until the audio thread has taken over. */
  #silent: CallSound | undefined = new CallSound();
  #context: AudioContext | undefined;
  #player: AudioWorkletNode | undefined;
  #gain: GainNode | undefined;
  #muted = false;
  #pace: SoundOrder | undefined;
  /** What the audio thread told of an earlier call may come when the next one has begun. */
  #call = 0;
  #over = false;
  #knownMs = 0;
  #opening: Promise<void> | undefined;
  #lastWallMs: number;
  #callMs = 0;
  #looksUnanswered = 0;

  constructor(options: SpeakerOptions) {
    this.#options = options;
    this.#lastWallMs = options.wall.nowMs();
    options.wall.every(33, () => this.#playSilently());
  }

  /** Another call, from its beginning. */
  begin(): void {
    this.#call += 1;
    this.#over = false;
    this.#knownMs = 0;
    this.#callMs = 0;
    this.#pass({ kind: 'call', call: this.#call, fromMs: 0 });
  }

  tell(order: Exclude<SoundOrder, { kind: 'call' }>): void {
    if (order.kind === 'pace') this.#pace = order;
    if (order.kind === 'over') this.#over = true;
    if (order.kind === 'known') this.#knownMs = Math.max(this.#knownMs, order.callMs);
    this.#pass(order);
  }

  /** Lets sound out. Has to be called while the browser handles a click or a key, and may be called again. */
  async open(): Promise<void> {
    this.#context ??= new AudioContext({ sampleRate: SAMPLE_RATE_HZ, latencyHint: 'interactive' });
    const resumed = this.#context.resume();
    this.#opening ??= this.#addPlayer(this.#context).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    await Promise.all([resumed, this.#opening]);
  }

  /** Whether sound can be heard. */
  get isOpen(): boolean {
    return this.#player !== undefined && this.#context?.state === 'running';
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    this.#gain?.gain.setTargetAtTime(muted ? 0 : 1, this.#context?.currentTime ?? 0, 0.01);
  }

  async #addPlayer(context: AudioContext): Promise<void> {
    await context.audioWorklet.addModule(this.#options.script);
    const player = new AudioWorkletNode(context, 'call-player', { numberOfInputs: 0, outputChannelCount: [2] });
    const gain = new GainNode(context, { gain: this.#muted ? 0 : 1 });
    player.connect(gain).connect(context.destination);
    player.port.onmessage = ({ data }: MessageEvent<Played>) => {
      this.#looksUnanswered = 0;
      this.#heard(data);
    };
    this.#gain = gain;
    // From here on the audio thread has the call; what was before this moment is not played again.
    this.#silent = undefined;
    this.#player = player;
    this.#looksUnanswered = 0;
    this.#handOver((order) => player.port.postMessage(order));
  }

  #pass(order: SoundOrder): void {
    this.#silent?.tell(order);
    this.#player?.port.postMessage(order);
  }

  #heard(played: Played): void {
    if (played.call !== this.#call) return;
    this.#callMs = played.callMs;
    this.#options.onPlayed(played);
  }

  /** Tells whoever plays from now on how the call stands. */
  #handOver(tell: (order: SoundOrder) => void): void {
    tell({ kind: 'call', call: this.#call, fromMs: this.#callMs });
    if (this.#pace) tell(this.#pace);
    tell({ kind: 'known', callMs: this.#knownMs });
    if (this.#over) tell({ kind: 'over' });
  }

  #playWithoutAudioThread(): void {
    this.#player?.disconnect();
    this.#player = undefined;
    this.#opening = undefined;
    const silent = new CallSound();
    this.#silent = silent;
    this.#handOver((order) => silent.tell(order));
  }

  #playSilently(): void {
    const nowMs = this.#options.wall.nowMs();
    const passedMs = Math.min(nowMs - this.#lastWallMs, LONGEST_SILENT_STEP_MS);
    this.#lastWallMs = nowMs;
    this.#looksUnanswered += 1;
    if (this.#player && this.#looksUnanswered > SILENT_LOOKS) this.#playWithoutAudioThread();
    if (!this.#silent) return;
    const samples = Math.round((passedMs * SAMPLE_RATE_HZ) / 1000);
    this.#silent.render(new Float32Array(samples), new Float32Array(samples));
    this.#heard(this.#silent.played());
  }
}
