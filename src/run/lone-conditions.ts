/**
 * What the process of one agent watches for in its own log, where its peer's is written elsewhere: silence counts only
 * from when there is somebody to talk to, and the peer's goodbye is known by what was heard of it.
 */
import type { BottalkEvent } from '../events/event.ts';
import { containsName } from '../pipeline/transcript-filter.ts';
import { StopConditions } from './stop-conditions.ts';

export type LoneConditionsOptions = { readonly agent: string; readonly peer: string };

export class LoneConditions extends StopConditions {
  /** The peer is there, or somebody else has spoken. Called once. */
  onMet: () => void = () => {};
  readonly #options: LoneConditionsOptions;
  readonly #own = new Set<string>();
  #metMs: number | undefined;

  constructor(options: LoneConditionsOptions) {
    super();
    this.#options = options;
  }

  get hasMet(): boolean {
    return this.#metMs !== undefined;
  }

  override get quietSinceMs(): number | undefined {
    const quietSinceMs = super.quietSinceMs;
    return quietSinceMs === undefined || this.#metMs === undefined ? undefined : Math.max(quietSinceMs, this.#metMs);
  }

  override event(event: BottalkEvent): void {
    const { agent, peer } = this.#options;
    super.event(event);
    switch (event.type) {
      case 'participant.joined':
        if (event.name === agent) this.#own.add(event.participant);
        else if (containsName(event.name, peer)) this.#meet(event.atMs);
        return;
      case 'wire.speech_started':
        if (!this.#own.has(event.participant)) this.#meet(event.atMs);
        return;
      case 'turn.stopped': {
        const words = event.text.split(/\s+/).filter(Boolean).map((text) => ({ text, startMs: 0, endMs: 0 }));
        const { seq, atMs, turnId: utteranceId } = event;
        super.event({ seq, atMs, type: 'utterance.stopped', agent: peer, utteranceId, replyId: null, kind: 'reply', words, cut: false });
        return;
      }
      default:
    }
  }

  #meet(atMs: number): void {
    if (this.#metMs !== undefined) return;
    this.#metMs = atMs;
    this.onMet();
  }
}
