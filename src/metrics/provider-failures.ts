/** Which providers gave up, once all tries were spent, and for whom. What was made up for by a later request is forgotten. */
import type { BottalkEvent } from '../events/event.ts';
import type { Roster } from './roster.ts';

/** `agent`: whose brain, voice or end of turn it was; of a transcription, whose speech. */
export type ProviderFailure = { readonly agent: string; readonly of: 'brain' | 'voice' | 'end of turn' | 'transcription'; readonly message: string };

type Failure = ProviderFailure & { readonly id: string };

/** Folds them in the order in which they happened. The roster must have been shown each event before. */
export class ProviderFailures {
  readonly #roster: Roster;
  #failures: Failure[] = [];
  /** Requests for text that a later one gives all the same. */
  readonly #interim = new Set<string>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  event(event: BottalkEvent): void {
    switch (event.type) {
      case 'llm.failed':
        return this.#failed({ id: event.replyId, agent: event.agent, of: 'brain', message: event.message });
      case 'llm.completed':
        // A reply may ask once more, and then nothing is missing.
        this.#failures = this.#failures.filter(({ id }) => id !== event.replyId);
        return;
      case 'tts.failed':
        return this.#failed({ id: event.utteranceId, agent: event.agent, of: 'voice', message: event.message });
      case 'judge.failed':
        return this.#failed({ id: event.askId, agent: event.agent, of: 'end of turn', message: event.message });
      case 'stt.requested':
        if (event.interim) this.#interim.add(event.segmentId);
        return;
      case 'stt.failed':
        if (this.#interim.has(event.segmentId)) return;
        return this.#failed({ id: event.segmentId, agent: this.#roster.nameOf(event.participant), of: 'transcription', message: event.message });
      default:
    }
  }

  /** The first of each agent: what came after it may have come of it. */
  get first(): readonly ProviderFailure[] {
    return this.#failures.filter(({ agent }, i) => this.#failures.findIndex((other) => other.agent === agent) === i).map(({ id: _id, ...failure }) => failure);
  }

  /** The last word on a request that failed more than once. */
  #failed(failure: Failure): void {
    const known = this.#failures.findIndex(({ id, of }) => id === failure.id && of === failure.of);
    if (known >= 0) this.#failures[known] = failure;
    else this.#failures.push(failure);
  }
}
