/**
 * How far every heard metric is from the truth: one conversation is logged twice, with the speech that was really there
 * and with the speech that the room's detector finds, and both logs are made into figures by the same code.
 */
import { FRAME_MS, FRAME_SAMPLES } from '../../audio/format.ts';
import { audioFrame } from '../../audio/frame.ts';
import type { BottalkEvent } from '../../events/event.ts';
import { interruptionsOf } from '../../metrics/interruptions.ts';
import { figuresOf } from '../../metrics/run-figures.ts';
import { foldAll, type RunFold } from '../../metrics/run-fold.ts';
import { gaps, merge, overlaps, type Span, totalMs } from '../../metrics/spans.ts';
import { audible } from '../../metrics/talk.ts';
import { type SpeechChange, SpeechDetector } from '../../room/speech-detector.ts';
import { LogBuilder, seatOf, type Speaker } from '../log-builder.ts';
import type { KnownConversation } from './known-conversation.ts';

/** Milliseconds, one per value that the metric is made of; heard minus true. */
export type HeardErrors = {
  readonly onset: readonly number[];
  readonly end: readonly number[];
  /** How long each utterance was heard: speech_secs, and what follows from it. */
  readonly speech: readonly number[];
  /** One per change of turns: response_latency, floor_transfer_offset. */
  readonly response: readonly number[];
  readonly yield: readonly number[];
  /** One per stretch in which both spoke. */
  readonly talkOver: readonly number[];
  /** One per silence over three seconds. */
  readonly deadAir: readonly number[];
  /** Both agents' scores, between 0 and 1. */
  readonly score: readonly number[];
  /** Utterances of which nothing was heard, or that were heard in pieces, and figures that count something else. */
  readonly lost: number;
};

const DEAD_AIR_MS = 3000;
const SPEAKERS: readonly Speaker[] = ['Sarah', 'Mike'];

export function heardErrors(conversation: KnownConversation): HeardErrors {
  const truth = foldAll(logOf(conversation, trueSpeech(conversation)));
  const heard = foldAll(logOf(conversation, foundSpeech(conversation)));
  const edges = truth.utterances.flatMap((utterance) => {
    const found = heard.utterances.find(({ utteranceId }) => utteranceId === utterance.utteranceId);
    const { startMs, endMs } = found ?? utterance;
    const errors = { onset: startMs - utterance.startMs, end: (endMs ?? 0) - (utterance.endMs ?? 0) };
    return [{ ...errors, pieces: found?.segments.length ?? 0, found: isFound(found, conversation) }];
  });
  const known = edges.filter(({ found }) => found);
  const pairs = [turnGaps, yields, talkOvers, silences].map((of) => paired(of(truth), of(heard)));
  const [response, yielded, talkOver, deadAir] = pairs as [Pairs, Pairs, Pairs, Pairs];
  return {
    onset: known.map(({ onset }) => onset),
    end: known.map(({ end }) => end),
    speech: known.map(({ onset, end }) => end - onset),
    response: response.errors,
    yield: yielded.errors,
    talkOver: talkOver.errors,
    deadAir: deadAir.errors,
    score: paired(scores(truth), scores(heard)).errors,
    lost: edges.filter(({ found, pieces }) => !found || pieces !== 1).length + pairs.filter(({ differ }) => differ).length,
  };
}

/** An utterance of which the wire knows nothing takes its times from its own events. */
function isFound(utterance: { readonly startMs: number; readonly utteranceId: string } | undefined, { utterances }: KnownConversation): boolean {
  const sent = utterances[Number(utterance?.utteranceId.split('-')[1])];
  return utterance !== undefined && sent !== undefined && utterance.startMs !== sent.sentMs;
}

type Pairs = { readonly errors: readonly number[]; readonly differ: boolean };

/** Where the two do not even agree on how many there are, there is nothing to subtract. */
function paired(truth: readonly number[], heard: readonly number[]): Pairs {
  if (truth.length !== heard.length) return { errors: [], differ: true };
  return { errors: heard.map((value, i) => value - (truth[i] as number)), differ: false };
}

function turnGaps({ turns }: RunFold): number[] {
  return turns.flatMap(({ gapMs }) => gapMs ?? []);
}

function yields({ utterances }: RunFold): number[] {
  return interruptionsOf(utterances).flatMap(({ yieldMs }) => yieldMs ?? []);
}

function talkOvers({ utterances }: RunFold): number[] {
  const [first, second] = SPEAKERS.map((name) => audible(utterances.filter(({ agent }) => agent === name)));
  return lengths(overlaps(first ?? [], second ?? []));
}

function silences({ utterances, nowMs }: RunFold): number[] {
  return lengths(gaps(merge(audible(utterances)), { startMs: 5500, endMs: nowMs - 3000 })).filter((ms) => ms > DEAD_AIR_MS);
}

function scores(fold: RunFold): number[] {
  return figuresOf(fold).agents.flatMap(({ heard }) => heard.turn_taking_score ?? []);
}

function lengths(spans: readonly Span[]): number[] {
  return spans.map((span) => totalMs([span]));
}

type Wire = readonly { readonly agent: Speaker; readonly atMs: number; readonly change: SpeechChange }[];

function trueSpeech({ utterances }: KnownConversation): Wire {
  return utterances.flatMap(({ agent, startMs, endMs }): Wire => [
    { agent, atMs: startMs, change: { kind: 'started', startMs } },
    { agent, atMs: endMs + FRAME_MS, change: { kind: 'stopped', startMs, endMs } },
  ]);
}

/** As the embedded room shows its detector each participant's track: frame by frame. */
function foundSpeech({ tracks, endMs }: KnownConversation): Wire {
  return SPEAKERS.flatMap((agent): Wire => {
    const detector = new SpeechDetector();
    const found: { agent: Speaker; atMs: number; change: SpeechChange }[] = [];
    for (let n = 0; (n + 1) * FRAME_SAMPLES <= tracks[agent].length; n++) {
      const frame = audioFrame(tracks[agent].subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES));
      for (const change of detector.hear(frame, n * FRAME_MS)) found.push({ agent, atMs: (n + 1) * FRAME_MS, change });
    }
    return [...found, ...detector.flush(endMs).map((change) => ({ agent, atMs: endMs, change }))];
  });
}

function logOf({ utterances, endMs }: KnownConversation, wire: Wire): BottalkEvent[] {
  const log = new LogBuilder();
  for (const [n, { agent, text, sentMs, sentEndMs, cut }] of utterances.entries()) {
    const of = { agent, utteranceId: `utterance-${n}`, replyId: `reply-${n}`, kind: 'reply' as const };
    log.at(sentMs, { type: 'reply.started', agent, replyId: of.replyId, turnId: null, cause: 'turn', kind: 'reply' });
    log.at(sentMs, { type: 'tts.sentence_sent', agent, utteranceId: of.utteranceId, text });
    log.at(sentMs, { type: 'utterance.started', ...of });
    log.at(sentEndMs, { type: 'utterance.stopped', ...of, cut, words: [{ text, startMs: sentMs, endMs: sentEndMs }] });
  }
  for (const { agent, atMs, change: { kind, ...times } } of wire) {
    const participant = seatOf(agent);
    if (kind === 'started') log.at(atMs, { type: 'wire.speech_started', participant, startMs: times.startMs });
    else log.at(atMs, { type: 'wire.speech_stopped', participant, ...(times as { startMs: number; endMs: number }) });
  }
  log.at(endMs + 3000, { type: 'run.ended', endedBy: 'goodbye', agent: 'Sarah' });
  return log.build();
}
