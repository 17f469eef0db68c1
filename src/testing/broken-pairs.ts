/**
 * What every log must hold, whatever happened in the call: what begins ends, once, and what ends had begun. Gives
 * one line for each fault, so that an empty list is what a test wants to see.
 */
import type { BottalkEvent } from '../events/event.ts';

type Mark = readonly ['begin' | 'end', string];

/** `complete`: the log goes to the end of the run, so that nothing may still be open. */
export function brokenPairs(events: readonly BottalkEvent[], { complete = true } = {}): string[] {
  const open = new Set<string>();
  const faults: string[] = [];
  let lastMs = 0;
  for (const event of events) {
    if (event.atMs < lastMs) faults.push(`${event.type} at ${event.atMs} goes back in time`);
    lastMs = event.atMs;
    for (const at of timesIn(event)) if (Math.round(at * 1000) / 1000 !== at) faults.push(`${event.type} holds ${at}, which is no whole microsecond`);
    const [kind, what] = markOf(event) ?? [];
    if (kind === 'begin' && open.has(what as string)) faults.push(`${what} began twice`);
    if (kind === 'end' && !open.has(what as string)) faults.push(`${what} ended without having begun (${event.type})`);
    if (kind === 'begin') open.add(what as string);
    if (kind === 'end') open.delete(what as string);
  }
  if (complete) faults.push(...[...open].map((what) => `${what} never ended`));
  return faults;
}

function markOf(event: BottalkEvent): Mark | undefined {
  switch (event.type) {
    case 'reply.started':
      return ['begin', `reply ${event.replyId}`];
    case 'reply.stopped':
      return ['end', `reply ${event.replyId}`];
    case 'llm.requested':
      return ['begin', `request ${event.requestId}`];
    case 'llm.completed':
    case 'llm.cancelled':
    case 'llm.failed':
      return ['end', `request ${event.requestId}`];
    case 'tts.requested':
      return ['begin', `voice ${event.utteranceId}`];
    case 'tts.completed':
    case 'tts.cancelled':
    case 'tts.failed':
      return ['end', `voice ${event.utteranceId}`];
    case 'utterance.started':
      return ['begin', `utterance ${event.utteranceId}`];
    case 'utterance.stopped':
      return ['end', `utterance ${event.utteranceId}`];
    case 'turn.started':
      return ['begin', `turn of ${event.agent}`];
    case 'turn.stopped':
      return ['end', `turn of ${event.agent}`];
    case 'vad.speech_started':
      return ['begin', `speech of ${event.participant} for ${event.agent}`];
    case 'vad.speech_stopped':
      return ['end', `speech of ${event.participant} for ${event.agent}`];
    case 'tool.called':
      return ['begin', `call ${event.callId}`];
    case 'tool.answered':
      return ['end', `call ${event.callId}`];
    case 'grace.started':
      return ['begin', `grace of ${event.agent}`];
    case 'grace.ended':
      return ['end', `grace of ${event.agent}`];
    default:
      return undefined;
  }
}

/** Every number of the event whose name says that it is a time. */
function timesIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (typeof inner === 'number' ? (key.endsWith('Ms') ? [inner] : []) : timesIn(inner)));
}
