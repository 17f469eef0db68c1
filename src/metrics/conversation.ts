/**
 * Everything that was said, in the order in which it began to be heard. Times come from the wire; an utterance's own
 * events stand in where the detector found nothing. Who holds the floor is decided in turns.ts, not here.
 */
import type { BottalkEvent, EventOf, HeardWord, UtteranceKind } from '../events/event.ts';
import type { Roster } from './roster.ts';
import type { Span } from './spans.ts';
import type { WireSpeech } from './wire-speech.ts';

export type ReplyCause = EventOf<'reply.started'>['cause'];

/** One stretch of speech of one agent. All times are call milliseconds. */
export type Utterance = {
  readonly utteranceId: string;
  readonly agent: string;
  /** Ground truth; somebody who is not ours and tells us nothing is taken to reply. */
  readonly kind: UtteranceKind;
  readonly replyId: string | null;
  /** The peer's turn that it answers, as the agent perceived it. */
  readonly turnId: string | null;
  /** What made the agent speak; null for speech without a reply. */
  readonly cause: ReplyCause | null;
  /** When it was first heard; while nothing was heard yet, when its first sample went out. */
  readonly startMs: number;
  /** When it was last heard; null while it lasts. */
  readonly endMs: number | null;
  /** Where it was audible, pauses left out. */
  readonly segments: readonly Span[];
  /** The words whose last sample was played, once it has stopped. */
  readonly words: readonly HeardWord[];
  /** What was heard of it; while it lasts, what was given to the voice so far. */
  readonly text: string;
  /** What was given to the voice, heard or not. */
  readonly intended: string;
  /** Stopped before its end, by the peer or by the end of the call. */
  readonly cut: boolean;
};

/** Reply and barge-in take the floor; signs of listening, tics and asides do not. */
export function takesFloor(kind: UtteranceKind): boolean {
  return kind === 'reply' || kind === 'barge_in';
}

/** Sound reaches the wire later than it was sent, by a tick here and by a network elsewhere; never by this much. */
const WIRE_SLACK_MS = 1000;

type Spoken = {
  readonly event: EventOf<'utterance.started'>;
  stopped: EventOf<'utterance.stopped'> | undefined;
};

/** Folds the utterances of a run. The roster and the wire must have been shown each event before. */
export class Conversation {
  readonly #roster: Roster;
  readonly #wire: WireSpeech;
  readonly #spoken: Spoken[] = [];
  readonly #replies = new Map<string, EventOf<'reply.started'>>();
  readonly #sentences = new Map<string, string[]>();
  readonly #finals: EventOf<'transcript.published'>[] = [];
  #nowMs = 0;

  constructor(roster: Roster, wire: WireSpeech) {
    this.#roster = roster;
    this.#wire = wire;
  }

  event(event: BottalkEvent): void {
    this.#nowMs = event.atMs;
    switch (event.type) {
      case 'reply.started':
        this.#replies.set(event.replyId, event);
        return;
      case 'tts.sentence_sent':
        this.#sentences.set(event.utteranceId, [...(this.#sentences.get(event.utteranceId) ?? []), event.text]);
        return;
      case 'utterance.started':
        this.#spoken.push({ event, stopped: undefined });
        return;
      case 'utterance.stopped': {
        const spoken = this.#spoken.findLast(({ event: started }) => started.utteranceId === event.utteranceId);
        if (spoken) spoken.stopped = event;
        return;
      }
      case 'transcript.published':
        if (event.final) this.#finals.push(event);
        return;
      default:
    }
  }

  /** All utterances so far, by start. */
  get utterances(): readonly Utterance[] {
    const spokenBy = Map.groupBy(this.#spoken, ({ event }) => event.agent);
    const ours = [...spokenBy.values()].flatMap((list) => list.map((spoken, i) => this.#utterance(spoken, list[i + 1])));
    const others = this.#wire.names.filter((name) => !spokenBy.has(name)).flatMap((name) => this.#fromWireAlone(name));
    return [...ours, ...others].toSorted((a, b) => a.startMs - b.startMs);
  }

  /** What the room's transcription settled on for this speaker, in the order in which it was sent. */
  finalsOf(name: string): readonly EventOf<'transcript.published'>[] {
    return this.#finals.filter(({ participant }) => this.#roster.nameOf(participant) === name);
  }

  #utterance({ event, stopped }: Spoken, next: Spoken | undefined): Utterance {
    const untilMs = Math.min(next?.event.atMs ?? Infinity, stopped ? stopped.atMs + WIRE_SLACK_MS : Infinity);
    const segments = this.#wire
      .of(event.agent)
      .map(({ startMs, endMs }) => ({
        startMs: Math.max(startMs, event.atMs),
        endMs: Math.min(endMs ?? Math.min(stopped?.atMs ?? Infinity, this.#nowMs), untilMs),
      }))
      .filter(({ startMs, endMs }) => endMs > startMs);
    const reply = event.replyId === null ? undefined : this.#replies.get(event.replyId);
    const intended = (this.#sentences.get(event.utteranceId) ?? []).join(' ');
    return {
      utteranceId: event.utteranceId,
      agent: event.agent,
      kind: event.kind,
      replyId: event.replyId,
      turnId: reply?.turnId ?? null,
      cause: reply?.cause ?? null,
      startMs: segments[0]?.startMs ?? event.atMs,
      endMs: stopped ? (segments.at(-1)?.endMs ?? stopped.atMs) : null,
      segments: segments.length > 0 ? segments : [{ startMs: event.atMs, endMs: stopped?.atMs ?? this.#nowMs }],
      words: stopped?.words ?? [],
      text: stopped ? stopped.words.map(({ text }) => text).join(' ') : intended,
      intended,
      cut: stopped?.cut ?? false,
    };
  }

  /** Somebody who logs no utterances is known by the wire and by what the room transcribed. */
  #fromWireAlone(name: string): Utterance[] {
    const finals = this.finalsOf(name);
    const segments = this.#wire.of(name);
    return segments.map(({ startMs, endMs }, i) => {
      const nextMs = segments[i + 1]?.startMs ?? Infinity;
      const middleMs = (final: Span): number => (final.startMs + final.endMs) / 2;
      const text = finals
        .filter((final) => middleMs(final) >= startMs && middleMs(final) < nextMs)
        .map((final) => final.text)
        .join(' ');
      return {
        utteranceId: `${name}/wire/${i}`,
        agent: name,
        kind: 'reply',
        replyId: null,
        turnId: null,
        cause: null,
        startMs,
        endMs,
        segments: [{ startMs, endMs: endMs ?? this.#nowMs }],
        words: [],
        text,
        intended: text,
        cut: false,
      };
    });
  }
}
