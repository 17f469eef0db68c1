/**
 * How far every heard metric is from the truth: one conversation is logged with the speech that an ear finds, and with
 * the speech that was really there, once as perhaps heard and once as surely heard. All three logs are made into figures
 * by the same code; the truth lies between the two, and an error is how far a figure is outside.
 */
import { FRAME_MS, FRAME_SAMPLES } from '../../audio/format.ts';
import { audioFrame } from '../../audio/frame.ts';
import type { BottalkEvent } from '../../events/event.ts';
import type { Utterance } from '../../metrics/conversation.ts';
import { interruptionsOf } from '../../metrics/interruptions.ts';
import { figuresOf } from '../../metrics/run-figures.ts';
import { foldAll, type RunFold } from '../../metrics/run-fold.ts';
import { gaps, merge, overlaps, type Span, totalMs } from '../../metrics/spans.ts';
import { audible } from '../../metrics/talk.ts';
import { type SpeechChange, SpeechDetector } from '../../room/speech-detector.ts';
import { LogBuilder, seatOf, type Speaker } from '../log-builder.ts';
import type { KnownConversation, KnownUtterance } from './known-conversation.ts';

/** Milliseconds, one per value that the metric is made of; heard minus true, 0 between the two truths. */
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

/**
 * The room's detector; or, to know what can be known, an ear that is told where the words are and how loud the noise is,
 * and has to tell the rest from the track.
 */
export type Ear = 'detector' | 'informed';

export type Hearing = {
  readonly ear?: Ear | undefined;
  /** It is unsure from how loud on sound is heard, up to so many decibels more or less. */
  readonly unsureDb?: number | undefined;
};

/**
 * A difference of one decibel is about the least that is noticed. Beside noise it is two: how loud 20 ms of white noise
 * (320 samples) happen to be, and how they add up with a sound as loud as they are, leaves that sound's energy unsure by a
 * share of sqrt(2/320 + 4/320), so 0.6 dB; hardly ever by thrice that. With these the informed ear is off by 32 ms at most,
 * but for otto in hum: docs/metrics.md.
 */
const UNSURE_DB = 1;
const UNSURE_BESIDE_NOISE_DB = 2;

export function heardErrors(conversation: KnownConversation, { ear = 'detector', unsureDb }: Hearing = {}): HeardErrors {
  const { heardFrom, noise } = conversation;
  const unsure = 10 ** ((unsureDb ?? (noise > 0 ? UNSURE_BESIDE_NOISE_DB : UNSURE_DB)) / 10);
  const perhapsHeard = conversation.utterances.map(({ audible }) => audible(heardFrom / unsure));
  const surelyHeard = conversation.utterances.map(({ audible }) => audible(heardFrom * unsure));
  const perhaps = foldAll(logOf(conversation, toldSpeech(conversation, perhapsHeard)));
  const surely = foldAll(logOf(conversation, toldSpeech(conversation, surelyHeard)));
  const heard = foldAll(logOf(conversation, ear === 'informed' ? informedSpeech(conversation) : detectedSpeech(conversation)));
  const found = conversation.utterances.map((utterance, n) => foundAs(heard, utterance, n));
  const errorsOf = (of: (fold: RunFold) => Figures): Errors => compared(of(heard), of(perhaps), of(surely));
  const [response, yielded, talkOver, deadAir] = [errorsOf(turnGaps), errorsOf(yields), errorsOf(talkOvers), errorsOf(silences)];
  const errors = (of: (span: Span) => number): number[] =>
    found.flatMap((span, n) => (span ? outside(of(span), of(perhapsHeard[n] as Span), of(surelyHeard[n] as Span)) : []));
  return {
    onset: errors(({ startMs }) => startMs),
    end: errors(({ endMs }) => endMs),
    speech: errors(({ startMs, endMs }) => endMs - startMs),
    response: response.sizes,
    yield: yielded.sizes,
    talkOver: talkOver.sizes,
    deadAir: deadAir.sizes,
    score: errorsOf(scores).sizes,
    lost: found.filter((span) => span?.pieces !== 1).length + response.lost + yielded.lost + talkOver.lost + deadAir.lost,
  };
}

type Found = Span & { readonly pieces: number };

/** Undefined for an utterance of which the wire knows nothing: its times are those of its own events. */
function foundAs({ utterances }: RunFold, { sentMs, sentEndMs }: KnownUtterance, n: number): Found | undefined {
  const found = utterances.find(({ utteranceId }) => utteranceId === utteranceIdOf(n));
  if (!found || found.endMs === null || (found.startMs === sentMs && found.endMs === sentEndMs)) return undefined;
  return { startMs: found.startMs, endMs: found.endMs, pieces: found.segments.length };
}

/** By the utterance that each belongs to. */
type Figures = ReadonlyMap<string, number>;

type Errors = { readonly sizes: readonly number[]; readonly lost: number };

/** Where both truths have a figure it is owed, and where neither has one there is none; where one has it, it may be there or not. */
function compared(heard: Figures, perhaps: Figures, surely: Figures): Errors {
  const owed = [...perhaps.keys()].filter((id) => surely.has(id));
  const found = owed.filter((id) => heard.has(id));
  const invented = [...heard.keys()].filter((id) => !perhaps.has(id) && !surely.has(id));
  const valueOf = (figures: Figures, id: string): number => figures.get(id) as number;
  return {
    sizes: found.map((id) => outside(valueOf(heard, id), valueOf(perhaps, id), valueOf(surely, id))),
    lost: owed.length - found.length + invented.length,
  };
}

function outside(value: number, one: number, other: number): number {
  return value - Math.min(Math.max(value, Math.min(one, other)), Math.max(one, other));
}

function turnGaps({ turns }: RunFold): Figures {
  return new Map(turns.flatMap(({ utterances, gapMs }) => (gapMs === null ? [] : [[utterances[0].utteranceId, gapMs] as const])));
}

function yields({ utterances }: RunFold): Figures {
  const yielded = interruptionsOf(utterances).flatMap(({ startMs, yieldMs }) => (yieldMs === null ? [] : [{ startMs, ms: yieldMs }]));
  return new Map(yielded.map(({ startMs, ms }) => [begunBy(utterances, startMs), ms]));
}

function talkOvers({ utterances }: RunFold): Figures {
  const [first, second] = SPEAKERS.map((name) => audible(utterances.filter(({ agent }) => agent === name)));
  return new Map(overlaps(first ?? [], second ?? []).map((span) => [begunBy(utterances, span.startMs), totalMs([span])]));
}

function silences({ utterances, nowMs }: RunFold): Figures {
  const silent = gaps(merge(audible(utterances)), { startMs: 5500, endMs: nowMs - 3000 }).filter((span) => totalMs([span]) > DEAD_AIR_MS);
  return new Map(silent.map((span) => [begunBy(utterances, span.endMs), totalMs([span])]));
}

function scores(fold: RunFold): Figures {
  return new Map(figuresOf(fold).agents.map(({ name, heard }) => [name, heard.turn_taking_score ?? 0]));
}

/** The utterance that began last. */
function begunBy(utterances: readonly Utterance[], ms: number): string {
  return utterances.findLast(({ startMs }) => startMs <= ms)?.utteranceId ?? '';
}

type Wire = readonly { readonly agent: Speaker; readonly atMs: number; readonly change: SpeechChange }[];

function toldSpeech({ utterances }: KnownConversation, spans: readonly Span[]): Wire {
  return spans.flatMap(({ startMs, endMs }, n): Wire => {
    const { agent } = utterances[n] as KnownUtterance;
    return [
      { agent, atMs: startMs, change: { kind: 'started', startMs } },
      { agent, atMs: endMs + FRAME_MS, change: { kind: 'stopped', startMs, endMs } },
    ];
  });
}

/** The energies of sound and noise add up. */
function informedSpeech(conversation: KnownConversation): Wire {
  const { utterances, heardFrom, noise } = conversation;
  return toldSpeech(conversation, utterances.map(({ audibleOnTrack }) => audibleOnTrack(heardFrom + noise)));
}

/** As the embedded room shows its detector each participant's track: frame by frame. */
function detectedSpeech({ tracks, endMs }: KnownConversation): Wire {
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

function utteranceIdOf(n: number): string {
  return `utterance-${n}`;
}

function logOf({ utterances, endMs }: KnownConversation, wire: Wire): BottalkEvent[] {
  const log = new LogBuilder();
  for (const [n, { agent, text, sentMs, sentEndMs, cut }] of utterances.entries()) {
    const of = { agent, utteranceId: utteranceIdOf(n), replyId: `reply-${n}`, kind: 'reply' as const };
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
