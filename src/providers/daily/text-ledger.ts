/**
 * Which texts are news. Every seat of ours is sent every text, at its own time and with gaps while it is away; whoever
 * brings one first brings the news, and the others repeat it.
 */
import type { PageTranscript } from './page-messages.ts';

export class TextLedger {
  readonly #told = new Map<string, number>();
  readonly #bySeat = new WeakMap<object, Map<string, number>>();

  /** To be asked once for each text that a seat is sent. */
  isNews(seat: object, text: PageTranscript): boolean {
    const key = keyOf(text);
    const own = this.#bySeat.get(seat) ?? new Map<string, number>();
    this.#bySeat.set(seat, own);
    const heard = (own.get(key) ?? 0) + 1;
    own.set(key, heard);
    if (heard <= (this.#told.get(key) ?? 0)) return false;
    this.#told.set(key, heard);
    return true;
  }
}

/** By its place in its speaker's stream; a seat may know a speaker by another id than the others do. */
function keyOf({ participant, text, final, span }: PageTranscript): string {
  return JSON.stringify(span ? [span.startSecs, span.durationSecs, final, text] : [participant, final, text]);
}
