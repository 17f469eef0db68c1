/**
 * What an agent has begun and not ended, so that its log can be closed when its process is gone: nobody knows how much
 * of it was heard, and no word is claimed that was not told of.
 */
import type { EventOf, NewEvent } from '../../events/event.ts';

export class Unfinished {
  readonly #utterances = new Map<string, EventOf<'utterance.started'>>();
  readonly #replies = new Map<string, { sounded: boolean; heard: string }>();
  readonly #speech = new Set<string>();
  readonly #requests = new Map<string, string>();
  readonly #questions = new Map<string, string>();
  readonly #tools = new Map<string, EventOf<'tool.called'>>();
  #inGrace = false;

  event(event: NewEvent): void {
    switch (event.type) {
      case 'utterance.started':
        this.#utterances.set(event.utteranceId, event as EventOf<'utterance.started'>);
        if (event.replyId !== null) this.#note(event.replyId, { sounded: true });
        return;
      case 'utterance.stopped':
        this.#utterances.delete(event.utteranceId);
        if (event.replyId !== null) this.#note(event.replyId, { heard: event.words.map(({ text }) => text).join(' ') });
        return;
      case 'reply.started':
        this.#replies.set(event.replyId, { sounded: false, heard: '' });
        return;
      case 'reply.stopped':
        this.#replies.delete(event.replyId);
        return;
      case 'llm.requested':
        this.#requests.set(event.requestId, event.replyId);
        return;
      case 'llm.completed':
      case 'llm.cancelled':
      case 'llm.failed':
        this.#requests.delete(event.requestId);
        return;
      case 'judge.requested':
        this.#questions.set(event.askId, event.turnId);
        return;
      case 'judge.completed':
      case 'judge.cancelled':
      case 'judge.failed':
        this.#questions.delete(event.askId);
        return;
      case 'tts.requested':
        this.#speech.add(event.utteranceId);
        return;
      case 'tts.completed':
      case 'tts.cancelled':
      case 'tts.failed':
        this.#speech.delete(event.utteranceId);
        return;
      case 'tool.called':
        this.#tools.set(event.callId, event as EventOf<'tool.called'>);
        return;
      case 'tool.answered':
        this.#tools.delete(event.callId);
        return;
      case 'grace.started':
        this.#inGrace = true;
        return;
      case 'grace.ended':
        this.#inGrace = false;
        return;
      default:
        return;
    }
  }

  /** The end of everything that is open, from the inside out. */
  endings(agent: string): NewEvent[] {
    return [
      ...[...this.#questions].map(([askId, turnId]): NewEvent => ({ type: 'judge.cancelled', agent, turnId, askId })),
      ...[...this.#requests].map(([requestId, replyId]): NewEvent => ({ type: 'llm.cancelled', agent, replyId, requestId })),
      ...[...this.#tools.values()].map(({ replyId, callId, name }): NewEvent => ({ type: 'tool.answered', agent, replyId, callId, name, result: null, failed: true })),
      ...[...this.#speech].map((utteranceId): NewEvent => ({ type: 'tts.cancelled', agent, utteranceId })),
      ...[...this.#utterances.values()].map(
        ({ utteranceId, replyId, kind }): NewEvent => ({ type: 'utterance.stopped', agent, utteranceId, replyId, kind, words: [], cut: true }),
      ),
      ...[...this.#replies].map(
        ([replyId, { sounded, heard }]): NewEvent => ({ type: 'reply.stopped', agent, replyId, outcome: sounded ? 'interrupted' : 'abandoned', heard, unheard: '' }),
      ),
      ...(this.#inGrace ? [{ type: 'grace.ended', agent, returned: false } as const] : []),
    ];
  }

  #note(replyId: string, facts: { readonly sounded?: boolean; readonly heard?: string }): void {
    const reply = this.#replies.get(replyId);
    if (reply) Object.assign(reply, facts);
  }
}
