/**
 * Whether a room that should transcribe does: speech is counted until a text comes. It knows no words and no reasons,
 * and says only once that there is none.
 */
import { FRAME_MS } from '../../audio/format.ts';

/** While somebody speaks, interim texts come several times a second; without them, sentences end sooner than this. */
export const TEXTLESS_SPEECH_MS = 5_000;

export class TextWatch {
  readonly #options: { readonly speechMs: number; readonly onMissing: (reason: string) => void };
  #textlessMs = 0;
  #isOver = false;

  constructor(options: { readonly speechMs: number; readonly onMissing: (reason: string) => void }) {
    this.#options = options;
  }

  /** One more frame of somebody's speech. */
  speech(): void {
    this.#textlessMs += FRAME_MS;
    const { speechMs } = this.#options;
    if (this.#textlessMs >= speechMs) this.missing(`${speechMs / 1000} s of speech brought no text`);
  }

  text(): void {
    this.#textlessMs = 0;
  }

  /** It is known that none will come. */
  missing(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onMissing(reason);
  }
}
