/** Speech that was sent to a provider that listens and whose text was not waited for, by speaker. */
import type { BottalkEvent } from '../events/event.ts';
import type { Span } from './spans.ts';

export class GivenUpSpeech {
  readonly #nameOf: (participant: string) => string;
  readonly #sent = new Map<string, Span & { readonly name: string }>();
  readonly #givenUp: (Span & { readonly name: string })[] = [];

  /** `nameOf` tells whose seat in the room it is. */
  constructor(nameOf: (participant: string) => string) {
    this.#nameOf = nameOf;
  }

  event(event: BottalkEvent): void {
    if (event.type === 'stt.requested' && event.interim !== true) {
      const { participant, segmentId, startMs, endMs } = event;
      this.#sent.set(segmentId, { name: this.#nameOf(participant), startMs, endMs });
    } else if (event.type === 'stt.cancelled') {
      const sent = this.#sent.get(event.segmentId);
      if (sent) this.#givenUp.push(sent);
    }
  }

  of(speaker: string): readonly Span[] {
    return this.#givenUp.filter(({ name }) => name === speaker);
  }
}
