/**
 * The closed union of everything that can happen in a run. Events are plain JSON, in the past tense, and hold
 * nothing of the machine: no wall time, no host, no path, no raw model output. Times are call milliseconds.
 *
 * Participants are seats in the room (by id), agents are ours (by name); `participant.joined` ties the two together.
 */
import type { Price } from './price.ts';

/** Raised whenever a field changes its meaning; readers upgrade older logs or refuse them. */
export const EVENT_SCHEMA = 1;

/** Why a run was over. */
export const ENDED_BY = [
  'end_conversation',
  'goodbye',
  'hangup',
  'max_turns',
  'inactivity',
  'max_duration',
  'budget',
  'cancelled',
  'error',
] as const;
export type EndedBy = (typeof ENDED_BY)[number];

/** What an agent meant by an utterance: ground truth, which its peer has to find out for itself. */
export type UtteranceKind = 'reply' | 'barge_in' | 'backchannel' | 'tic' | 'aside';

export type HeardWord = { readonly text: string; readonly startMs: number; readonly endMs: number };

export type AgentProviders = {
  readonly llm: string;
  readonly llmModel: string;
  /** The server that answers, as `host:port`, of a provider that has several; the same wherever a host stands. */
  readonly llmHost?: string;
  readonly tts: string;
  readonly ttsModel: string;
  readonly ttsHost?: string;
  readonly voice: string;
  readonly vad: string;
  readonly endOfTurn: string;
  /** Of a strategy that asks a provider: who that is. */
  readonly judge?: { readonly provider: string; readonly model: string; readonly host?: string };
};

/** One answer to a question about the call as a whole. Turns count from 1; `quote` is what the model says was said there. */
export type Judgement = { readonly verdict: boolean; readonly reason: string; readonly turn: number | null; readonly quote: string | null };

/** What a model notes of one turn, counted from 1. */
export type TurnNote = {
  readonly turn: number;
  readonly role: 'agent' | 'user';
  readonly label: string;
  readonly sentiment: 'positive' | 'neutral' | 'negative';
  readonly relevantKpis: readonly string[];
};

export type MostTokens = { readonly prompt: number; readonly completion: number };

type JsonObject = { readonly [key: string]: unknown };

type Payloads = {
  /** Always the first event; with it a log explains itself. */
  'run.started': {
    schema: typeof EVENT_SCHEMA;
    /** The scenario with every default and variable filled in. */
    scenario: JsonObject;
    seed: number;
    clock: 'virtual' | 'real';
    room: string;
    /** `embedded`, or the provider that listens. */
    transcription: string;
    /** Of a provider that listens. */
    transcriptionModel?: string;
    transcriptionHost?: string;
    /** Of a run that is evaluated when the call is over: who does that. */
    evaluator?: { readonly provider: string; readonly model: string; readonly host?: string };
    /** Providers gave the answers of a recording in their order, whatever they were asked: only times mean anything. */
    replay?: 'timing';
    agents: readonly (AgentProviders & { name: string; role: 'system' | 'user'; goesFirst: boolean })[];
  };
  /** What the providers of this run charge, as far as that is known; absent where nothing is charged. The run ends
   * before `budgetUsd` is exceeded. */
  'prices.known': { budgetUsd: number | null; prices: readonly Price[] };
  /** Always the last event. `reason` says more where the kind alone does not. */
  'run.ended': { endedBy: EndedBy; agent?: string; reason?: string };
  /** Something a reader should know that changes no verdict. */
  'warning.raised': { message: string; agent?: string };

  /** A room of the world is open: people can join at this address until it closes. */
  'room.opened': { url: string };
  'participant.joined': { participant: string; name: string };
  'participant.left': { participant: string; name: string; reason: string };
  'app_message.sent': { participant: string; to?: string; data: unknown };

  /** Ground truth of the wire: the energy detector over the participant's own track. `startMs` and `endMs` are exact,
   * the event itself comes when the detector could be sure. */
  'wire.speech_started': { participant: string; startMs: number };
  'wire.speech_stopped': { participant: string; startMs: number; endMs: number };

  /** The room's transcription, sent to everyone. `upToPause`: nothing more will come of the speech before that pause. */
  'transcript.published': { participant: string; text: string; final: boolean; startMs: number; endMs: number; upToPause?: boolean };
  /** Real ears: one stretch of speech was sent to a provider that turns it into text; `endMs` is where it ended, or for interim
   * text how far it had come. */
  'stt.requested': { participant: string; segmentId: string; startMs: number; endMs: number; audioMs: number; interim?: boolean };
  /** `text` is blank if nothing was understood. Words only from models that give them. */
  'stt.completed': { participant: string; segmentId: string; text: string; durationMs: number; words?: readonly HeardWord[] };
  /** Its speaker left, or the call ended, before the text came. */
  'stt.cancelled': { participant: string; segmentId: string };
  'stt.retried': { participant: string; segmentId: string; provider: string; kind: string; message: string; attempt: number; retryInMs: number };
  'stt.failed': { participant: string; segmentId: string; provider: string; kind: string; message: string };
  /** The room's own transcription brings no text. `takenOverBy` is the provider that listens from now on; with null
   * nobody does, and the run cannot go on. */
  'transcription.failed': { provider: string; message: string; takenOverBy: string | null };
  /** An agent's filter refused a final transcript. */
  'transcript.dropped': { agent: string; participant: string; text: string; reason: 'own_echo' | 'not_addressed' };

  /** What an agent's VAD told it of a peer. `audioMs` is the call time of the audio on which it decided. */
  'vad.speech_started': { agent: string; participant: string; audioMs: number };
  'vad.speech_stopped': { agent: string; participant: string; audioMs: number; silenceMs: number; rescued: boolean };

  /** A peer's turn as the agent perceives it. */
  'turn.started': { agent: string; turnId: string; by: 'vad' | 'transcript'; whileSpeaking: boolean };
  'turn.judged': { agent: string; turnId: string; strategy: string; complete: boolean };
  /** A strategy that asks a provider: one question and what became of it. `mostTokens` as of `llm.requested`. */
  'judge.requested': { agent: string; turnId: string; askId: string; mostTokens?: MostTokens };
  'judge.completed': {
    agent: string;
    turnId: string;
    askId: string;
    complete: boolean;
    durationMs: number;
    promptTokens: number | null;
    completionTokens: number | null;
    cachedPromptTokens?: number;
  };
  /** The turn went on or was over before the answer was there. */
  'judge.cancelled': { agent: string; turnId: string; askId: string };
  'judge.retried': { agent: string; turnId: string; askId: string; provider: string; kind: string; message: string; attempt: number; retryInMs: number };
  'judge.failed': { agent: string; turnId: string; askId: string; provider: string; kind: string; message: string };
  /** `by` says what ended it: the strategy's verdict, long silence, the watchdog, text without any VAD stop, the
   * agent's own barge-in. `speechEndMs` is when the agent believes that the peer's speech had ended. */
  'turn.stopped': {
    agent: string;
    turnId: string;
    text: string;
    by: 'strategy' | 'silence' | 'watchdog' | 'transcript' | 'barge_in';
    speechEndMs: number | null;
  };

  /** One thing an agent sets out to say. Every start has its stop. */
  'reply.started': {
    agent: string;
    replyId: string;
    turnId: string | null;
    cause: 'kickoff' | 'turn' | 'late_text' | 'barge_in' | 'tool_result' | 'goodbye';
    kind: 'reply' | 'barge_in';
  };
  /** `heard` holds the words whose last sample was played. An abandoned reply never made a sound. */
  'reply.stopped': {
    agent: string;
    replyId: string;
    outcome: 'completed' | 'interrupted' | 'abandoned' | 'failed';
    heard: string;
    unheard: string;
  };
  /** The agent would have been interrupted but may not be; it will answer after its own speech. */
  'reply.deferred': { agent: string; turnId: string };

  /** `mostTokens` is what it can be billed for at most; absent where nobody counts tokens. */
  'llm.requested': { agent: string; replyId: string; requestId: string; messageCount: number; mostTokens?: MostTokens };
  'llm.first_token': { agent: string; replyId: string; requestId: string; ttftMs: number };
  'llm.completed': {
    agent: string;
    replyId: string;
    requestId: string;
    text: string;
    durationMs: number;
    promptTokens: number | null;
    completionTokens: number | null;
    /** Of the prompt's tokens; absent if the provider does not say. */
    cachedPromptTokens?: number;
  };
  'llm.cancelled': { agent: string; replyId: string; requestId: string };
  /** A try that failed and is followed by another, `retryInMs` later. Tries count from 1. */
  'llm.retried': { agent: string; replyId: string; requestId: string; provider: string; kind: string; message: string; attempt: number; retryInMs: number };
  'llm.failed': { agent: string; replyId: string; requestId: string; provider: string; kind: string; message: string };

  /** One context of speech, from its first sentence on. */
  'tts.requested': { agent: string; utteranceId: string; voice: string };
  'tts.sentence_sent': { agent: string; utteranceId: string; text: string };
  'tts.first_audio': { agent: string; utteranceId: string; ttfbMs: number };
  'tts.completed': { agent: string; utteranceId: string; durationMs: number; audioMs: number; characters: number };
  'tts.cancelled': { agent: string; utteranceId: string };
  'tts.retried': { agent: string; utteranceId: string; provider: string; kind: string; message: string; attempt: number; retryInMs: number };
  'tts.failed': { agent: string; utteranceId: string; provider: string; kind: string; message: string };

  /** Sound from the first sample to the last. `startMs` is when the first sample of the context went out. */
  'utterance.started': { agent: string; utteranceId: string; replyId: string | null; kind: UtteranceKind };
  'utterance.stopped': {
    agent: string;
    utteranceId: string;
    replyId: string | null;
    kind: UtteranceKind;
    words: readonly HeardWord[];
    /** The peer's barge-in, or the end of the call, cut it. */
    cut: boolean;
  };

  /** What an agent now remembers. An amended message replaces the last one of its role. */
  'context.appended': { agent: string; role: 'system' | 'user' | 'assistant'; text: string; replyId?: string };
  'context.amended': { agent: string; role: 'user'; text: string };

  'tool.called': { agent: string; replyId: string; callId: string; name: string; arguments: JsonObject };
  'tool.answered': { agent: string; replyId: string; callId: string; name: string; result: unknown; failed: boolean };

  /** A known peer left; the agent waits for it. */
  'grace.started': { agent: string; participant: string };
  'grace.ended': { agent: string; returned: boolean };
  /** The run will end as soon as what is being said has been said. */
  'call.ending': { endedBy: EndedBy; agent?: string };

  /** Of a call that waited for the world: this process kept it waiting, so latencies of that time are too long. `worstMs`
   * is the longest such pause in wall time, `times` how many were longer than is tolerated, `firstMs` when that began. */
  'timing.lagged': { worstMs: number; times: number; firstMs: number };

  /** When the call is over a model is asked what to make of it, in call time that stands still. One question: `about` is
   * an expectation by its number (from 1), the KPIs, or the role of whoever simulates. Votes count from 1. Answers that
   * were given before to the same question are told as they were then. */
  'evaluation.requested': { requestId: string; about: number | 'kpis' | 'role'; vote: number; mostTokens?: MostTokens };
  'evaluation.retried': { requestId: string; provider: string; kind: string; message: string; attempt: number; retryInMs: number };
  'evaluation.completed': { requestId: string; promptTokens: number | null; completionTokens: number | null; cachedPromptTokens?: number };
  'evaluation.failed': { requestId: string; provider: string; kind: string; message: string };
  /** What the votes come to. `check` is the number of the expectation, from 1. */
  'criterion.judged': { check: number; verdict: boolean; votes: readonly Judgement[] };
  /** Scores from 0 to 100 by KPI; `ended`: whether the conversation had come to its end. */
  'kpis.judged': { scores: { readonly [kpi: string]: number }; notes: readonly TurnNote[]; ended: boolean };
  /** Whether the agent that simulates stayed what it was told to be. */
  'role.judged': { agent: string; kept: boolean; reason: string; turn: number | null; quote: string | null };
  /** Too few answers came to decide: nobody can say whether this was so. */
  'evaluation.undecided': { about: number | 'kpis' | 'role'; message: string };
};

export type EventType = keyof Payloads;

/** What a producer hands to the log. */
export type NewEvent = { [T in EventType]: { readonly type: T } & Readonly<Payloads[T]> }[EventType];

/** What the log keeps: the event with its place in the order and in time. */
export type BottalkEvent = { [T in EventType]: { readonly seq: number; readonly atMs: number; readonly type: T } & Readonly<Payloads[T]> }[EventType];

export type EventOf<T extends EventType> = Extract<BottalkEvent, { type: T }>;
