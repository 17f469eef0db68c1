/**
 * How long the peer has held the floor, and what it has said on it: everything since the agent itself was last
 * heard, however many turns the agent took that for, pauses left out. It judges nothing.
 */

export type Floor = { readonly speechMs: number; readonly text: string };

export class PeerFloor {
  readonly #texts: string[] = [];
  #spokenMs = 0;
  #speakingSinceMs: number | undefined;

  speechStarted(atMs: number): void {
    this.#speakingSinceMs = atMs;
  }

  speechStopped(atMs: number): void {
    if (this.#speakingSinceMs !== undefined) this.#spokenMs += Math.max(0, atMs - this.#speakingSinceMs);
    this.#speakingSinceMs = undefined;
  }

  turnStopped(text: string): void {
    if (text !== '') this.#texts.push(text);
  }

  /** The agent is heard, or was until now: so far the floor was its own. */
  lost(nowMs: number): void {
    this.#texts.length = 0;
    this.#spokenMs = 0;
    if (this.#speakingSinceMs !== undefined) this.#speakingSinceMs = nowMs;
  }

  /** The floor as it is now; undefined while the peer is silent. `text` is what the turn that is on holds. */
  now(nowMs: number, text: string): Floor | undefined {
    if (this.#speakingSinceMs === undefined) return undefined;
    const all = text === '' ? this.#texts : [...this.#texts, text];
    return { speechMs: this.#spokenMs + nowMs - this.#speakingSinceMs, text: all.join(' ') };
  }
}
