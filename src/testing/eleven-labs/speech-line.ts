/** Sends the pieces of one context or request in order and at the pace of its plan. */
import { durationMs, type SpeechPiece, type SpeechPlan } from './speech-plan.ts';

export type SpeechLineOptions = {
  readonly plan: SpeechPlan;
  readonly send: (piece: SpeechPiece) => void;
  /** The fault has come. */
  readonly onFault: (fault: NonNullable<SpeechPlan['fault']>) => void;
};

export class SpeechLine {
  readonly #options: SpeechLineOptions;
  #pieces: SpeechPiece[] = [];
  #sent = 0;
  #held: boolean;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #faulty = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: SpeechLineOptions) {
    this.#options = options;
    this.#held = options.plan.held ?? false;
  }

  add(pieces: readonly SpeechPiece[]): void {
    if (this.#options.plan.fault !== 'empty') this.#pieces.push(...pieces);
    this.#go();
  }

  /** Calls back once everything has been sent. */
  drain(done: () => void): void {
    this.#whenEmpty = done;
    this.#go();
  }

  release(): void {
    this.#held = false;
    this.#go();
  }

  /** Sends nothing more; gives back what is left. */
  close(): SpeechPiece[] {
    this.#closed = true;
    clearTimeout(this.#timer);
    return this.#pieces.splice(0);
  }

  #go(): void {
    if (this.#closed || this.#held || this.#timer) return;
    const { fault, afterPieces = 0 } = this.#options.plan;
    if (fault && !this.#faulty && this.#sent === afterPieces && (this.#pieces.length > 0 || this.#whenEmpty)) {
      this.#faulty = true;
      this.#options.onFault(fault);
      return this.#go();
    }
    const piece = this.#pieces.shift();
    if (!piece) {
      const done = this.#whenEmpty;
      this.#whenEmpty = undefined;
      return done?.();
    }
    const { firstByteMs = 0, speed } = this.#options.plan;
    const waitMs = this.#sent === 0 ? firstByteMs : speed === undefined ? 0 : durationMs(piece) / speed;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sent += 1;
      this.#options.send(piece);
      this.#go();
    }, waitMs);
  }
}
