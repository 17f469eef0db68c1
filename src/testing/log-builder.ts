/**
 * Builds event logs by hand, for tests of everything that reads one: events may be given in any order and come out
 * by time, stamped. Two agents sit in the room, Sarah (goes first) and Mike; `says` writes what one utterance leaves.
 */
import type { BottalkEvent, NewEvent, UtteranceKind } from '../events/event.ts';

export type Speaker = 'Sarah' | 'Mike';

export type Saying = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
  readonly kind?: UtteranceKind;
  readonly cut?: boolean;
  /** What was given to the voice, where more than what was heard. */
  readonly intended?: string;
  readonly replyId?: string;
  readonly turnId?: string;
  readonly cause?: 'kickoff' | 'turn' | 'late_text' | 'barge_in' | 'tool_result' | 'goodbye';
  /** What the room transcribes of it; the text itself unless given. */
  readonly transcribed?: string;
};

/** How late the events of the room come after what they tell of. */
const DETECTOR_MS = 300;
const TRANSCRIBER_MS = 250;

export class LogBuilder {
  readonly #events: { readonly atMs: number; readonly event: NewEvent }[] = [];
  #count = 0;

  constructor(options: { seed?: number; startedAt?: string } = {}) {
    const providers = { llm: 'script', llmModel: 'script', tts: 'offline', ttsModel: 'flite', vad: 'silero' };
    this.at(0, {
      type: 'run.started',
      schema: 1,
      scenario: { title: 'A sales call', started_at: options.startedAt ?? '2026-01-05T09:00:00Z' },
      seed: options.seed ?? 7,
      clock: 'virtual',
      room: 'embedded',
      transcription: 'embedded',
      agents: [
        { ...providers, name: 'Sarah', role: 'system', goesFirst: true, voice: 'slt', endOfTurn: 'lexical' },
        { ...providers, name: 'Mike', role: 'user', goesFirst: false, voice: 'kal', endOfTurn: 'lexical' },
      ],
    });
    this.at(0, { type: 'participant.joined', participant: 'sarah-1', name: 'Sarah' });
    this.at(0, { type: 'participant.joined', participant: 'mike-1', name: 'Mike' });
  }

  /** One event at its time. */
  at(atMs: number, event: NewEvent): this {
    this.#events.push({ atMs, event });
    return this;
  }

  /** One utterance with its reply, its sound on the wire and its transcript. */
  says(agent: Speaker, saying: Saying): this {
    const n = this.#count++;
    const { fromMs, toMs, text, kind = 'reply', cut = false, cause = 'turn', transcribed = text } = saying;
    const replyId = kind === 'reply' || kind === 'barge_in' ? (saying.replyId ?? `reply-${n}`) : null;
    const utteranceId = `utterance-${n}`;
    const participant = seatOf(agent);
    const words = text.split(' ').filter(Boolean);
    const wordMs = (toMs - fromMs) / Math.max(1, words.length);
    if (replyId && !this.#begun(replyId)) {
      const taking = kind === 'barge_in' ? 'barge_in' : 'reply';
      this.at(fromMs, { type: 'reply.started', agent, replyId, turnId: saying.turnId ?? null, cause, kind: taking });
    }
    this.at(fromMs, { type: 'tts.requested', agent, utteranceId, voice: 'v' });
    this.at(fromMs, { type: 'tts.sentence_sent', agent, utteranceId, text: saying.intended ?? text });
    this.at(fromMs, { type: 'utterance.started', agent, utteranceId, replyId, kind });
    this.at(fromMs + 60, { type: 'wire.speech_started', participant, startMs: fromMs });
    this.at(toMs, {
      type: 'utterance.stopped',
      agent,
      utteranceId,
      replyId,
      kind,
      cut,
      words: words.map((word, i) => ({ text: word, startMs: fromMs + i * wordMs, endMs: fromMs + (i + 1) * wordMs })),
    });
    if (replyId) this.at(toMs, { type: 'reply.stopped', agent, replyId, outcome: cut ? 'interrupted' : 'completed', heard: text, unheard: '' });
    this.at(toMs + DETECTOR_MS, { type: 'wire.speech_stopped', participant, startMs: fromMs, endMs: toMs });
    if (transcribed !== '') {
      this.at(toMs + TRANSCRIBER_MS, { type: 'transcript.published', participant, text: transcribed, final: true, startMs: fromMs, endMs: toMs });
    }
    return this;
  }

  /** A test may have begun the reply itself, before its first sound. */
  #begun(replyId: string): boolean {
    return this.#events.some(({ event }) => event.type === 'reply.started' && event.replyId === replyId);
  }

  /** The log, in order of time; events of one moment stay in the order in which they were given. */
  build(): BottalkEvent[] {
    return this.#events.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs, event }, seq) => ({ seq, atMs, ...event }) as BottalkEvent);
  }
}

/** The seat that this agent took in the room. */
export function seatOf(agent: Speaker): string {
  return `${agent.toLowerCase()}-1`;
}
