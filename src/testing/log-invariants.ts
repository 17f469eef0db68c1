/**
 * What is true of every event log, whatever was said: a checker for tests. It knows nothing of any scenario; a log
 * in which it finds nothing may still tell of a bad conversation.
 */
import { hostname, homedir, tmpdir } from 'node:os';
import { FRAME_MS } from '../audio/format.ts';
import { checkEvaluation } from './evaluation-invariants.ts';
import type { BottalkEvent, EventOf, EventType } from '../events/event.ts';
import { Roster } from '../metrics/roster.ts';

/** Every fault, with the sequence number of the event that shows it; empty for a sound log. */
export function logFaults(events: readonly BottalkEvent[]): string[] {
  const faults: string[] = [];
  const blame: Blame = (event, what) => void faults.push(`${event.seq} ${event.type} at ${event.atMs}: ${what}`);
  for (const check of CHECKS) check(events, blame);
  return faults;
}

export type Blame = (event: BottalkEvent, what: string) => void;
type Check = (events: readonly BottalkEvent[], blame: Blame) => void;

const CHECKS: readonly Check[] = [
  checkOrder,
  checkTimes,
  checkPortable,
  checkPairs,
  checkRequests,
  checkTurns,
  checkPresence,
  checkOneVoice,
  checkHeardWords,
  checkOwnWords,
  checkEvaluation,
];

function checkOrder(events: readonly BottalkEvent[], blame: Blame): void {
  let beforeMs = 0;
  for (const [i, event] of events.entries()) {
    if (event.seq !== i) blame(event, `stands at place ${i}`);
    if (event.atMs < beforeMs) blame(event, `time went back from ${beforeMs}`);
    beforeMs = event.atMs;
    if ((event.type === 'run.started') !== (i === 0)) blame(event, 'run.started is the first event and no other');
    if ((event.type === 'run.ended') !== (i === events.length - 1)) blame(event, 'run.ended is the last event and no other');
  }
}

/** Call time counts in whole microseconds, wherever it is written. */
function checkTimes(events: readonly BottalkEvent[], blame: Blame): void {
  for (const event of events) {
    const payload = event.type === 'run.started' ? { ...event, scenario: undefined } : event;
    for (const { key, value } of leavesOf(payload)) {
      if (!key.endsWith('Ms') || typeof value !== 'number') continue;
      if (Math.round(value * 1000) / 1000 !== value) blame(event, `${key} is ${value}, not in whole microseconds`);
      if (value < 0) blame(event, `${key} is ${value}`);
    }
  }
}

/** Nothing of the machine or the moment, and nothing that JSON would change. */
function checkPortable(events: readonly BottalkEvent[], blame: Blame): void {
  const ofMachine = [process.cwd(), homedir(), tmpdir(), hostname(), process.execPath].filter((text) => text.length > 3);
  for (const event of events) {
    for (const { key, value } of leavesOf(event)) {
      if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) blame(event, `${key} is ${value}, which JSON does not keep`);
      if (typeof value === 'number' && value > 1e11) blame(event, `${key} is ${value}, which looks like a time of day`);
      if (typeof value !== 'string') continue;
      const found = ofMachine.find((text) => value.includes(text));
      if (found !== undefined) blame(event, `${key} holds ${found}`);
      if (key !== 'started_at' && /\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) blame(event, `${key} holds a time of day: ${value}`);
    }
  }
}

type Pair = {
  readonly start: EventType;
  readonly stops: readonly EventType[];
  readonly idOf: (event: never) => string;
  /** May still be on when the call ends. */
  readonly open?: boolean;
};

const PAIRS: readonly Pair[] = [
  { start: 'participant.joined', stops: ['participant.left'], idOf: (event: EventOf<'participant.joined'>) => event.participant },
  { start: 'utterance.started', stops: ['utterance.stopped'], idOf: (event: EventOf<'utterance.started'>) => event.utteranceId },
  { start: 'reply.started', stops: ['reply.stopped'], idOf: (event: EventOf<'reply.started'>) => event.replyId },
  { start: 'llm.requested', stops: ['llm.completed', 'llm.cancelled', 'llm.failed'], idOf: (event: EventOf<'llm.requested'>) => event.requestId },
  { start: 'tts.requested', stops: ['tts.completed', 'tts.cancelled', 'tts.failed'], idOf: (event: EventOf<'tts.requested'>) => event.utteranceId },
  { start: 'stt.requested', stops: ['stt.completed', 'stt.cancelled', 'stt.failed'], idOf: (event: EventOf<'stt.requested'>) => event.segmentId },
  { start: 'judge.requested', stops: ['judge.completed', 'judge.cancelled', 'judge.failed'], idOf: (event: EventOf<'judge.requested'>) => event.askId },
  { start: 'evaluation.requested', stops: ['evaluation.completed', 'evaluation.failed'], idOf: (event: EventOf<'evaluation.requested'>) => event.requestId },
  { start: 'tool.called', stops: ['tool.answered'], idOf: (event: EventOf<'tool.called'>) => event.callId },
  { start: 'turn.started', stops: ['turn.stopped'], idOf: (event: EventOf<'turn.started'>) => `${event.agent} ${event.turnId}`, open: true },
  { start: 'grace.started', stops: ['grace.ended'], idOf: (event: EventOf<'grace.started'>) => event.agent },
  { start: 'wire.speech_started', stops: ['wire.speech_stopped'], idOf: (event: EventOf<'wire.speech_started'>) => event.participant },
  { start: 'vad.speech_started', stops: ['vad.speech_stopped'], idOf: (event: EventOf<'vad.speech_started'>) => `${event.agent} ${event.participant}`, open: true },
];
/** What may happen again and again under one id; everything else happens once. */
const REPEATING: readonly EventType[] = ['wire.speech_started', 'vad.speech_started', 'grace.started'];

/** Every start has its one stop, and nothing stops that has not started. */
function checkPairs(events: readonly BottalkEvent[], blame: Blame): void {
  for (const { start, stops, idOf, open } of PAIRS) {
    const on = new Map<string, BottalkEvent>();
    const seen = new Set<string>();
    for (const event of events) {
      const begins = event.type === start;
      if (!begins && !stops.includes(event.type)) continue;
      const id = idOf(event as never);
      if (!begins && !on.delete(id)) blame(event, `${id} was not on`);
      if (!begins) continue;
      if (on.has(id)) blame(event, `${id} was on already`);
      if (seen.has(id) && !REPEATING.includes(start)) blame(event, `${id} happened before`);
      seen.add(id);
      on.set(id, event);
    }
    if (!open) for (const [id, event] of on) blame(event, `${id} never stopped`);
  }
}

/** What a provider sends belongs to a request that is open, tries that failed too, and the first of it comes once. */
function checkRequests(events: readonly BottalkEvent[], blame: Blame): void {
  const open = new Set<string>();
  const begun = new Set<string>();
  const begin = (event: BottalkEvent, id: string): void => {
    if (!open.has(id)) blame(event, `${id} is not open`);
    if (begun.has(id)) blame(event, `${id} had begun already`);
    begun.add(id);
  };
  const attempts = new Map<string, number>();
  const tryAgain = (event: EventOf<'llm.retried' | 'tts.retried'>, id: string): void => {
    if (!open.has(id)) blame(event, `${id} is not open`);
    if (event.type === 'llm.retried' && begun.has(id)) blame(event, `${id} had begun already`);
    if (event.attempt < 1 || event.attempt > (attempts.get(id) ?? 0) + 1) blame(event, `try ${event.attempt} of ${id} comes after ${attempts.get(id) ?? 0}`);
    attempts.set(id, event.attempt);
  };
  for (const event of events) {
    if (event.type === 'llm.requested') open.add(event.requestId);
    else if (event.type === 'llm.first_token') begin(event, event.requestId);
    else if (event.type === 'llm.retried') tryAgain(event, event.requestId);
    else if (event.type === 'tts.retried') tryAgain(event, event.utteranceId);
    else if (event.type === 'llm.completed' || event.type === 'llm.cancelled' || event.type === 'llm.failed') open.delete(event.requestId);
    else if (event.type === 'tts.requested') open.add(event.utteranceId);
    else if (event.type === 'tts.first_audio') begin(event, event.utteranceId);
    else if (event.type === 'tts.sentence_sent' && !open.has(event.utteranceId)) blame(event, `${event.utteranceId} is not open`);
    else if (event.type === 'tts.completed' || event.type === 'tts.cancelled' || event.type === 'tts.failed') {
      if (event.type === 'tts.completed' && !begun.has(event.utteranceId)) blame(event, 'completed without audio');
      open.delete(event.utteranceId);
    } else if (event.type === 'utterance.started' && !begun.has(event.utteranceId)) blame(event, 'sounds before its voice sent anything');
  }
}

/** Turns are counted through, one at a time, and judged only while they are on. */
function checkTurns(events: readonly BottalkEvent[], blame: Blame): void {
  const on = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'turn.started') {
      if (on.has(event.agent)) blame(event, `${on.get(event.agent)} is still on`);
      on.set(event.agent, event.turnId);
      const count = (counts.get(event.agent) ?? 0) + 1;
      counts.set(event.agent, count);
      if (!event.turnId.endsWith(`-t${count}`)) blame(event, `${event.turnId} is turn ${count} of ${event.agent}`);
    } else if (event.type === 'turn.judged' || event.type === 'turn.stopped') {
      if (on.get(event.agent) !== event.turnId) blame(event, `${event.turnId} is not on`);
      if (event.type === 'turn.stopped') on.delete(event.agent);
      if (event.type === 'turn.stopped' && (event.speechEndMs ?? 0) > event.atMs) blame(event, 'the peer is yet to speak');
    }
  }
}

/** Only who is in the room is heard, and who has left does nothing more. */
function checkPresence(events: readonly BottalkEvent[], blame: Blame): void {
  const present = new Map<string, string>();
  // In a room of the world, the text of somebody's last words comes after them.
  const lateTexts = isInTheWorld(events) ? new Set<string>() : undefined;
  for (const event of events) {
    if (event.type === 'participant.joined') present.set(event.participant, event.name);
    if (event.type === 'participant.left') lateTexts?.add(event.participant);
    if (event.type === 'transcript.published' || event.type.startsWith('wire.') || event.type === 'app_message.sent') {
      const { participant } = event as EventOf<'transcript.published'>;
      const isLate = event.type === 'transcript.published' && lateTexts?.has(participant);
      if (!present.has(participant) && !isLate) blame(event, `${participant} is not in the room`);
    }
    if (STARTS_BY_AGENTS.includes(event.type)) {
      const { agent } = event as EventOf<'reply.started'>;
      if (![...present.values()].includes(agent)) blame(event, `${agent} is not in the room`);
    }
    if (event.type === 'participant.left') present.delete(event.participant);
  }
}

const STARTS_BY_AGENTS: readonly EventType[] = ['turn.started', 'reply.started', 'llm.requested', 'tts.requested', 'utterance.started', 'tool.called'];

/** An agent has one mouth: its utterances and its speech on the wire follow each other. */
function checkOneVoice(events: readonly BottalkEvent[], blame: Blame): void {
  const speaking = new Map<string, string>();
  const spokenUntilMs = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'utterance.started') {
      if (speaking.has(event.agent)) blame(event, `${speaking.get(event.agent)} is still playing`);
      speaking.set(event.agent, event.utteranceId);
    } else if (event.type === 'utterance.stopped') speaking.delete(event.agent);
    else if (event.type === 'wire.speech_stopped') {
      const { participant, startMs, endMs } = event;
      if (startMs < (spokenUntilMs.get(participant) ?? 0) || endMs < startMs || endMs > event.atMs) blame(event, `from ${startMs} to ${endMs}`);
      spokenUntilMs.set(participant, endMs);
    }
  }
}

/** What was heard of a reply is one thing: in its sound, in its outcome and in what its agent remembers. */
function checkHeardWords(events: readonly BottalkEvent[], blame: Blame): void {
  const startedMs = new Map<string, number>();
  const sent = new Map<string, string>();
  const heard = new Map<string, string>();
  const remembered = new Map<string, string>();
  const isReal = isInTheWorld(events);
  for (const event of events) {
    if (event.type === 'utterance.started') startedMs.set(event.utteranceId, event.atMs);
    else if (event.type === 'tts.sentence_sent') sent.set(event.utteranceId, [sent.get(event.utteranceId), event.text].filter(Boolean).join(' '));
    else if (event.type === 'context.appended' && event.replyId !== undefined) remembered.set(event.replyId, event.text);
    else if (event.type === 'utterance.stopped') {
      const text = event.words.map((word) => word.text).join(' ');
      if (event.replyId !== null) heard.set(event.replyId, text);
      if (!`${spaced(sent.get(event.utteranceId) ?? '')} `.startsWith(`${spaced(text)} `.trimStart())) blame(event, `"${text}" was never sent to the voice`);
      // On a busy machine the event of a tick may come late; words count from when the tick was due.
      let untilMs = isReal ? 0 : (startedMs.get(event.utteranceId) ?? 0);
      for (const { text: word, startMs, endMs } of event.words) {
        if (startMs < untilMs || endMs <= startMs || endMs > event.atMs + FRAME_MS) blame(event, `"${word}" sounds from ${startMs} to ${endMs}`);
        untilMs = endMs;
      }
    } else if (event.type === 'reply.stopped') {
      const { replyId, outcome } = event;
      const sounded = heard.get(replyId) ?? '';
      if (event.heard !== sounded) blame(event, `heard "${event.heard}", sounded "${sounded}"`);
      if (event.heard !== (remembered.get(replyId) ?? '')) blame(event, `heard "${event.heard}", remembered "${remembered.get(replyId) ?? ''}"`);
      if (outcome === 'completed' && event.unheard !== '') blame(event, `completed, and "${event.unheard}" was not heard`);
      if (outcome === 'abandoned' && heard.has(replyId)) blame(event, 'abandoned after it had sounded');
    }
  }
}

/** No agent takes its own voice for somebody else's. */
function checkOwnWords(events: readonly BottalkEvent[], blame: Blame): void {
  const roster = new Roster();
  const published = new Map<string, Set<string>>();
  const dropped = events.filter((event) => event.type === 'transcript.dropped');
  // In a room of the world each participant gets a text when it comes to them, and who tells the log may be the last.
  const isReal = isInTheWorld(events);
  // A participant may have an agent's name and be none.
  const agents = new Set(events.flatMap((event) => (event.type === 'context.appended' ? [event.agent] : [])));
  for (const event of events) {
    roster.event(event);
    if (event.type.startsWith('vad.')) {
      const { agent, participant } = event as EventOf<'vad.speech_started'>;
      if (roster.nameOf(participant) === agent) blame(event, `${agent} listens to itself`);
    } else if (event.type === 'transcript.published') {
      const speaker = roster.nameOf(event.participant);
      const words = published.get(speaker) ?? new Set();
      published.set(speaker, words);
      for (const word of event.text.split(' ')) words.add(word);
      const echo = dropped.find(({ seq, reason, agent, text }) => (isReal || seq > event.seq) && reason === 'own_echo' && agent === speaker && text === event.text);
      const isDropped = echo !== undefined && (isReal || echo.atMs === event.atMs);
      if (event.final && agents.has(speaker) && !isDropped) blame(event, `${speaker} did not drop its own "${event.text}"`);
    } else if (event.type === 'turn.stopped') {
      const others = [...published].filter(([speaker]) => speaker !== event.agent).flatMap(([, words]) => [...words]);
      const strange = event.text.split(' ').filter((word) => word !== '' && !others.includes(word));
      if (strange.length > 0) blame(event, `${event.agent} heard ${strange.join(' ')}, which nobody else said`);
    }
  }
}

function isInTheWorld([started]: readonly BottalkEvent[]): boolean {
  return started?.type === 'run.started' && started.clock === 'real';
}

function spaced(text: string): string {
  return text.trim().split(/\s+/).join(' ');
}

type Leaf = { readonly key: string; readonly value: unknown };

function leavesOf(value: unknown, key = ''): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, key));
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([name, item]) => leavesOf(item, name));
  return [{ key, value }];
}
