/**
 * The times within an agent's events, from its own call time to that of the run that it is told to. Which fields of an
 * event are moments of the call, and not durations, is known here.
 */
import { wholeMicroseconds } from '../../clock/clock.ts';
import type { HeardWord, NewEvent } from '../../events/event.ts';

export function shiftTimes(event: NewEvent, byMs: number): NewEvent {
  const shifted = (ms: number): number => wholeMicroseconds(ms + byMs);
  switch (event.type) {
    case 'vad.speech_started':
    case 'vad.speech_stopped':
      return { ...event, audioMs: shifted(event.audioMs) };
    case 'turn.stopped':
      return { ...event, speechEndMs: event.speechEndMs === null ? null : shifted(event.speechEndMs) };
    case 'utterance.stopped':
      return { ...event, words: event.words.map((word): HeardWord => ({ ...word, startMs: shifted(word.startMs), endMs: shifted(word.endMs) })) };
    case 'timing.lagged':
      return { ...event, firstMs: shifted(event.firstMs) };
    default:
      return event;
  }
}
