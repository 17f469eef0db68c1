/**
 * What reached each agent of what its peer said: text that the room sent, sound that its VAD noticed, and when it was
 * there at all. Judges nothing.
 */
import type { BottalkEvent } from '../events/event.ts';
import type { Roster } from './roster.ts';
import type { Span } from './spans.ts';

type OpenSpan = { readonly startMs: number; endMs: number };

/** Folds it by name. The roster must have been shown each event before. */
export class Hearing {
  readonly #roster: Roster;
  readonly #texts = new Map<string, OpenSpan[]>();
  readonly #noticed = new Map<string, OpenSpan[]>();
  readonly #visits = new Map<string, OpenSpan[]>();
  readonly #readers = new Set<string>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  event(event: BottalkEvent): void {
    switch (event.type) {
      case 'participant.joined':
        this.#of(this.#visits, event.name).push({ startMs: event.atMs, endMs: Infinity });
        return;
      case 'participant.left': {
        const visit = this.#of(this.#visits, event.name).findLast(({ endMs }) => endMs === Infinity);
        if (visit) visit.endMs = event.atMs;
        return;
      }
      case 'transcript.published':
        if (event.text.trim() !== '') this.#read(this.#roster.nameOf(event.participant), event);
        return;
      case 'vad.speech_started':
        this.#of(this.#noticed, event.agent).push({ startMs: event.audioMs, endMs: Infinity });
        return;
      case 'vad.speech_stopped': {
        const noticed = this.#of(this.#noticed, event.agent).at(-1);
        if (noticed) noticed.endMs = event.audioMs;
        return;
      }
      case 'turn.started':
        if (event.by === 'transcript') this.#readers.add(event.agent);
        return;
      default:
    }
  }

  /** Where the room sent text of this speaker, final or not. */
  textsOf(speaker: string): readonly Span[] {
    return this.#texts.get(speaker) ?? [];
  }

  /** Where this agent's VAD noticed speech; without an end while it goes on. */
  noticedBy(agent: string): readonly Span[] {
    return this.#noticed.get(agent) ?? [];
  }

  /** When somebody of this name was in the room; without an end while they are. */
  visitsOf(name: string): readonly Span[] {
    return this.#visits.get(name) ?? [];
  }

  /** Whether this agent learned of a turn of its peer by text before it heard anything of it. */
  reads(agent: string): boolean {
    return this.#readers.has(agent);
  }

  /** Interim texts of one stretch grow, and are one. */
  #read(speaker: string, { startMs, endMs }: Span): void {
    const texts = this.#of(this.#texts, speaker);
    const last = texts.at(-1);
    if (last?.startMs === startMs) last.endMs = Math.max(last.endMs, endMs);
    else texts.push({ startMs, endMs });
  }

  #of<T>(lists: Map<string, T[]>, name: string): T[] {
    const known = lists.get(name);
    if (known) return known;
    const list: T[] = [];
    lists.set(name, list);
    return list;
  }
}
