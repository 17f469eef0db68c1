/** Folds the log into one trace per reply. What an agent hears is kept until it next begins to speak, for that answers it. */
import type { BottalkEvent, EventOf } from '../events/event.ts';
import type { LlmTrace, PerceivedTurn, ReplyTrace, RetryTrace, ToolTrace, TtsTrace } from './reply-trace.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Reply = Omit<Mutable<ReplyTrace>, 'turn' | 'llm' | 'tts' | 'sentences' | 'toolCalls'> & {
  turnId: string | null;
  llm: Map<string, Mutable<LlmTrace>>;
  toolCalls: Mutable<ToolTrace>[];
  utteranceIds: string[];
};
type Voice = { tts: Mutable<TtsTrace>; sentences: string[] };
/** `last` is the newest message, answered or not: it may be amended when it was answered already. */
type Ear = Pick<ReplyTrace, 'vadStop' | 'transcript'> & { inputs: string[]; last: string };

/** Folds the replies of a run. `nameOf` tells a participant's name. */
export class ReplyTraces {
  readonly #nameOf: (participant: string) => string;
  readonly #replies = new Map<string, Reply>();
  readonly #turns = new Map<string, Mutable<PerceivedTurn>>();
  /** Contexts of speech by utterance: which reply they belong to is only known when they sound. */
  readonly #voices = new Map<string, Voice>();
  /** What last failed each agent. */
  readonly #failures = new Map<string, NonNullable<ReplyTrace['failure']>>();
  readonly #ears = new Map<string, Mutable<Ear>>();

  constructor(nameOf: (participant: string) => string) {
    this.#nameOf = nameOf;
  }

  /** All replies, in the order in which they were begun; those that never made a sound too. */
  get replies(): readonly ReplyTrace[] {
    return [...this.#replies.values()].map(({ turnId, utteranceIds, ...reply }) => {
      const voices = utteranceIds.flatMap((id) => this.#voices.get(id) ?? []);
      return {
        ...reply,
        turn: turnId === null ? null : (this.#turns.get(turnId) ?? null),
        llm: [...reply.llm.values()],
        tts: voices[0]?.tts ?? null,
        sentences: voices.flatMap(({ sentences }) => sentences),
      };
    });
  }

  event(event: BottalkEvent): void {
    if (event.type === 'llm.failed') this.#failures.set(event.agent, { of: 'brain', message: event.message });
    else if (event.type === 'tts.failed') this.#failures.set(event.agent, { of: 'voice', message: event.message });
    this.#hear(event);
    this.#decide(event);
    this.#think(event);
    this.#speak(event);
  }

  /** What the agent learns of its peer. */
  #hear(event: BottalkEvent): void {
    switch (event.type) {
      case 'run.started':
        for (const { name } of event.agents) this.#ears.set(name, { vadStop: null, transcript: null, inputs: [], last: '' });
        return;
      case 'vad.speech_started':
        this.#ear(event.agent).vadStop = null;
        return;
      case 'vad.speech_stopped':
        this.#ear(event.agent).vadStop = { atMs: event.atMs, silenceMs: event.silenceMs };
        return;
      case 'transcript.published': {
        const speaker = this.#nameOf(event.participant);
        if (!event.final) return;
        for (const [agent, ear] of this.#ears) if (agent !== speaker) ear.transcript = { atMs: event.atMs, endMs: event.endMs, text: event.text };
        return;
      }
      case 'context.appended':
        if (event.role === 'user') this.#remember(this.#ear(event.agent), event.text);
        return;
      case 'context.amended': {
        const ear = this.#ear(event.agent);
        // What was answered is not heard again with the words that came late to it.
        const isMore = event.text.startsWith(`${ear.last} `);
        const input = isMore ? [ear.inputs.pop() ?? '', event.text.slice(ear.last.length + 1)].filter(Boolean).join(' ') : event.text;
        if (!isMore) ear.inputs.pop();
        this.#remember(ear, input, event.text);
        return;
      }
      default:
    }
  }

  #remember(ear: Mutable<Ear>, input: string, message = input): void {
    ear.inputs.push(input);
    ear.last = message;
  }

  #decide(event: BottalkEvent): void {
    switch (event.type) {
      case 'turn.started':
        this.#turn(event.turnId).startedMs = event.atMs;
        return;
      case 'turn.judged':
        this.#turn(event.turnId).judged = { atMs: event.atMs, strategy: event.strategy, complete: event.complete };
        return;
      case 'turn.stopped':
        Object.assign(this.#turn(event.turnId), { stoppedMs: event.atMs, stoppedBy: event.by, text: event.text });
        return;
      case 'reply.started':
        this.#replies.set(event.replyId, {
          agent: event.agent,
          replyId: event.replyId,
          cause: event.cause,
          kind: event.kind,
          startedMs: event.atMs,
          turnId: event.turnId,
          input: '',
          vadStop: null,
          transcript: null,
          llm: new Map(),
          utteranceIds: [],
          toolCalls: [],
          firstSampleMs: null,
          lastSampleMs: null,
          heard: '',
          outcome: null,
          failure: null,
        });
        return;
      case 'reply.stopped': {
        const reply = this.#replies.get(event.replyId);
        if (reply) Object.assign(reply, { outcome: event.outcome, failure: event.outcome === 'failed' ? (this.#failures.get(event.agent) ?? null) : null });
        return;
      }
      case 'tool.called': {
        const { callId, name, atMs, arguments: given } = event;
        this.#replies.get(event.replyId)?.toolCalls.push({ callId, name, arguments: given, calledMs: atMs, answeredMs: null, result: null, failed: false });
        return;
      }
      case 'tool.answered': {
        const call = this.#replies.get(event.replyId)?.toolCalls.find(({ callId }) => callId === event.callId);
        if (call) Object.assign(call, { answeredMs: event.atMs, result: event.result, failed: event.failed });
        return;
      }
      default:
    }
  }

  #think(event: BottalkEvent): void {
    switch (event.type) {
      case 'llm.requested':
        this.#replies
          .get(event.replyId)
          ?.llm.set(event.requestId, { requestedMs: event.atMs, ttftMs: null, durationMs: null, outcome: 'running', text: null, retries: [] });
        return;
      case 'llm.retried': {
        const request = this.#replies.get(event.replyId)?.llm.get(event.requestId);
        if (request) request.retries = [...request.retries, retryOf(event)];
        return;
      }
      case 'llm.first_token':
        return this.#request(event, { ttftMs: event.ttftMs });
      case 'llm.completed':
        return this.#request(event, { outcome: 'completed', durationMs: event.durationMs, text: event.text });
      case 'llm.cancelled':
        return this.#request(event, { outcome: 'cancelled' });
      case 'llm.failed':
        return this.#request(event, { outcome: 'failed' });
      default:
    }
  }

  #speak(event: BottalkEvent): void {
    switch (event.type) {
      case 'tts.requested':
        this.#voices.set(event.utteranceId, {
          tts: { requestedMs: event.atMs, ttfbMs: null, durationMs: null, outcome: 'running', retries: [] },
          sentences: [],
        });
        return;
      case 'tts.retried': {
        const tts = this.#voices.get(event.utteranceId)?.tts;
        if (tts) tts.retries = [...tts.retries, retryOf(event)];
        return;
      }
      case 'tts.sentence_sent':
        this.#voices.get(event.utteranceId)?.sentences.push(event.text);
        return;
      case 'tts.first_audio':
        return this.#voice(event.utteranceId, { ttfbMs: event.ttfbMs });
      case 'tts.completed':
        return this.#voice(event.utteranceId, { outcome: 'completed', durationMs: event.durationMs });
      case 'tts.cancelled':
        return this.#voice(event.utteranceId, { outcome: 'cancelled' });
      case 'tts.failed':
        return this.#voice(event.utteranceId, { outcome: 'failed' });
      case 'utterance.started': {
        const reply = this.#replies.get(event.replyId ?? '');
        if (!reply) return;
        reply.utteranceIds.push(event.utteranceId);
        if (reply.firstSampleMs === null) this.#begin(reply, event.atMs);
        return;
      }
      case 'utterance.stopped': {
        const reply = this.#replies.get(event.replyId ?? '');
        if (!reply) return;
        reply.lastSampleMs = event.atMs;
        reply.heard = [reply.heard, ...event.words.map(({ text }) => text)].filter(Boolean).join(' ');
        return;
      }
      default:
    }
  }

  /** What the peer had said is answered from here on: the next reply does not answer it again. */
  #begin(reply: Reply, atMs: number): void {
    const ear = this.#ear(reply.agent);
    Object.assign(reply, { firstSampleMs: atMs, input: ear.inputs.join(' '), vadStop: ear.vadStop, transcript: ear.transcript });
    this.#ears.set(reply.agent, { vadStop: null, transcript: null, inputs: [], last: ear.last });
  }

  #request(event: { replyId: string; requestId: string }, change: Partial<LlmTrace>): void {
    Object.assign(this.#replies.get(event.replyId)?.llm.get(event.requestId) ?? {}, change);
  }

  #voice(utteranceId: string, change: Partial<TtsTrace>): void {
    Object.assign(this.#voices.get(utteranceId)?.tts ?? {}, change);
  }

  #turn(turnId: string): Mutable<PerceivedTurn> {
    const known = this.#turns.get(turnId);
    if (known) return known;
    const turn = { turnId, startedMs: null, judged: null, stoppedMs: null, stoppedBy: null, text: '' };
    this.#turns.set(turnId, turn);
    return turn;
  }

  #ear(agent: string): Mutable<Ear> {
    const known = this.#ears.get(agent);
    if (known) return known;
    const ear = { vadStop: null, transcript: null, inputs: [], last: '' };
    this.#ears.set(agent, ear);
    return ear;
  }
}

function retryOf({ atMs, kind, retryInMs }: EventOf<'llm.retried' | 'tts.retried'>): RetryTrace {
  return { atMs, kind, retryInMs };
}
