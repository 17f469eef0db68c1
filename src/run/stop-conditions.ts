/**
 * What the run itself watches for in the log: since when it has been quiet, whether both sides have said goodbye, and
 * whether a provider has refused for good. A fold over events; what follows from it is decided by the conversation.
 */
import { isLasting } from '../base/errors.ts';
import type { BottalkEvent } from '../events/event.ts';
import type { Sink } from '../events/log.ts';
import { isClosing } from '../pipeline/closing-phrase.ts';

export class StopConditions implements Sink {
  /** Both sides have said goodbye in two successive turns. */
  onGoodbyes: () => void = () => {};
  /** A brain or a voice was refused, and will be at every further request; or nobody turns speech into text any more. */
  onRefused: (refusal: { readonly agent?: string; readonly reason: string }) => void = () => {};
  readonly #speaking = new Set<string>();
  #quietSinceMs = 0;
  #closedBy: string | undefined;
  #ending = false;

  /** Since when nobody has spoken; undefined while somebody does. */
  get quietSinceMs(): number | undefined {
    return this.#speaking.size === 0 ? this.#quietSinceMs : undefined;
  }

  event(event: BottalkEvent): void {
    switch (event.type) {
      case 'wire.speech_started':
        this.#speaking.add(event.participant);
        return;
      case 'wire.speech_stopped':
        this.#speaking.delete(event.participant);
        this.#quietSinceMs = Math.max(this.#quietSinceMs, event.endMs);
        return;
      case 'llm.failed':
      case 'tts.failed':
      case 'judge.failed':
        if (isLasting(event.kind)) this.onRefused({ agent: event.agent, reason: `${event.provider}: ${event.message}` });
        return;
      case 'transcription.failed':
        if (event.takenOverBy === null) this.onRefused({ reason: event.message });
        return;
      case 'stt.failed':
        if (isLasting(event.kind)) this.onRefused({ reason: `${event.provider}: ${event.message}` });
        return;
      case 'call.ending':
        this.#ending = true;
        return;
      case 'utterance.stopped': {
        if (this.#ending) return;
        if (event.kind !== 'reply' && event.kind !== 'barge_in') return;
        const closing = isClosing(event.words.map((word) => word.text).join(' '));
        const both = closing && this.#closedBy !== undefined && this.#closedBy !== event.agent;
        this.#closedBy = closing ? event.agent : undefined;
        if (both) this.onGoodbyes();
        return;
      }
      default:
        return;
    }
  }
}
