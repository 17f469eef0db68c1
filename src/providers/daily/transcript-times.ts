/**
 * When transcribed words were spoken. The transcriber counts in a stream of its own, whose beginning nobody tells; so
 * the fastest text so far is taken to have come after the announced latency, and all others are placed by it.
 */
import { wholeMicroseconds } from '../../clock/clock.ts';
import type { PageTranscript } from './page-messages.ts';

/** A stream whose position falls back by more than this has begun anew. */
const RESTART_MS = 1_000;

type Stream = { readonly leadMs: number; readonly untilMs: number };

export class TranscriptTimes {
  readonly #latencyMs: number;
  readonly #streams = new Map<string, Stream>();

  constructor(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  /** Call times of the first and last word of a text that came at `atMs`. Without a span nothing but the latency is known. */
  place({ participant, span }: PageTranscript, atMs: number): { readonly startMs: number; readonly endMs: number } {
    if (!span) {
      const endMs = Math.max(0, wholeMicroseconds(atMs - this.#latencyMs));
      return { startMs: endMs, endMs };
    }
    const untilMs = (span.startSecs + span.durationSecs) * 1000;
    const before = this.#streams.get(participant);
    const restarted = !before || untilMs < before.untilMs - RESTART_MS;
    const leadMs = restarted ? atMs - untilMs : Math.min(before.leadMs, atMs - untilMs);
    this.#streams.set(participant, { leadMs, untilMs });
    const endMs = Math.max(0, wholeMicroseconds(untilMs + leadMs - this.#latencyMs));
    return { startMs: Math.max(0, wholeMicroseconds(endMs - span.durationSecs * 1000)), endMs };
  }
}
