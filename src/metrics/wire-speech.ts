/** What was really on the wire, by name: the segments that the room's energy detector found. Ground truth only. */
import type { BottalkEvent } from '../events/event.ts';
import type { Roster } from './roster.ts';

/** Unbroken speech; `endMs` is null while it lasts or until the detector is sure that it has ended. */
export type WireSegment = { readonly startMs: number; readonly endMs: number | null };

/** Folds each name's segments, in the order in which they began. */
export class WireSpeech {
  readonly #roster: Roster;
  readonly #segments = new Map<string, WireSegment[]>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  event(event: BottalkEvent): void {
    if (event.type === 'wire.speech_started') {
      this.#of(this.#roster.nameOf(event.participant)).push({ startMs: event.startMs, endMs: null });
    } else if (event.type === 'wire.speech_stopped') {
      this.#close(this.#roster.nameOf(event.participant), { startMs: event.startMs, endMs: event.endMs });
    } else if (event.type === 'participant.left') {
      // Who leaves in mid-word is silent from then on; an exact end that is still reported replaces this one.
      const last = this.#segments.get(event.name)?.at(-1);
      if (last?.endMs === null) this.#close(event.name, { startMs: last.startMs, endMs: event.atMs });
    }
  }

  of(name: string): readonly WireSegment[] {
    return this.#segments.get(name) ?? [];
  }

  get names(): readonly string[] {
    return [...this.#segments.keys()];
  }

  #close(name: string, segment: WireSegment): void {
    const segments = this.#of(name);
    const open = segments.findLastIndex(({ startMs }) => startMs === segment.startMs);
    if (open >= 0) segments[open] = segment;
    else segments.push(segment);
  }

  #of(name: string): WireSegment[] {
    const known = this.#segments.get(name);
    if (known) return known;
    const segments: WireSegment[] = [];
    this.#segments.set(name, segments);
    return segments;
  }
}
