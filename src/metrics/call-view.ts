/**
 * What a screen or page knows of a call: the folds of this folder, arranged for looking at, and the words that are
 * only just being transcribed. Shows nothing that is not in the log, and knows neither terminal nor browser.
 */
import type { BottalkEvent, EventOf } from '../events/event.ts';
import { summarize } from './aggregate.ts';
import type { Utterance } from './conversation.ts';
import { latencyRecords, type LatencyRecord, perceptionDelays } from './latency-record.ts';
import type { ReplyTrace } from './reply-trace.ts';
import type { RosterAgent } from './roster.ts';
import { RunFold } from './run-fold.ts';
import type { Turn } from './turns.ts';
import type { WireSegment } from './wire-speech.ts';

/** Where the time before a turn went. Milliseconds; null is unknown. `heardMs` is what a listener waited. */
export type Stages = {
  readonly endOfTurnMs: number | null;
  readonly llmMs: number | null;
  readonly ttsMs: number | null;
  readonly heardMs: number | null;
};
export const STAGES = ['endOfTurnMs', 'llmMs', 'ttsMs', 'heardMs'] as const satisfies readonly (keyof Stages)[];

/** A transcript that is not settled yet: pieces that are, and the guess at what comes after them. */
export type LiveText = { readonly settled: string; readonly interim: string };

export type SaidView = {
  readonly utterance: Utterance;
  readonly seat: number;
  /** What the room transcribes of it while it lasts. */
  readonly live: LiveText | null;
};

export type TurnView = {
  readonly turn: Turn;
  readonly seat: number;
  readonly said: readonly SaidView[];
  readonly stages: Stages;
  /** The reply that opened it; null for somebody who is not ours. */
  readonly reply: ReplyTrace | null;
  /** The peer's turn before it. */
  readonly before: Turn | null;
};

/** Speech in the order in which it began; what takes no floor is an aside. */
export type ItemView = { readonly kind: 'turn'; readonly turn: TurnView } | { readonly kind: 'aside'; readonly said: SaidView };

export type SeatView = {
  readonly agent: RosterAgent;
  readonly doing: 'speaking' | 'thinking' | 'listening' | 'away';
  readonly segments: readonly WireSegment[];
  readonly medians: Stages;
};

export type CallView = {
  /** Undefined until the first event. */
  readonly started: EventOf<'run.started'> | undefined;
  readonly seats: readonly SeatView[];
  readonly items: readonly ItemView[];
  readonly turns: readonly TurnView[];
  readonly callMs: number;
  /** Where people can join while the call runs; null for a room that is not of the world. */
  readonly roomUrl: string | null;
  /** Spoken turns of whoever spoke more of them. */
  readonly spokenTurns: number;
  readonly ended: EventOf<'run.ended'> | undefined;
  readonly warnings: readonly string[];
  /** The complete state behind the view. */
  readonly run: RunFold;
};

/** Is shown every event; computes only when the view is asked for. */
export class ViewState {
  readonly #run = new RunFold();
  readonly #transcripts = new Map<string, { finals: EventOf<'transcript.published'>[]; interim: EventOf<'transcript.published'> | null }>();
  readonly #present = new Set<string>();
  #roomUrl: string | null = null;

  event(event: BottalkEvent): void {
    this.#run.event(event);
    if (event.type === 'participant.joined') this.#present.add(event.name);
    else if (event.type === 'participant.left') this.#present.delete(event.name);
    else if (event.type === 'transcript.published') this.#hear(event);
    else if (event.type === 'room.opened') this.#roomUrl = event.url;
  }

  get view(): CallView {
    const run = this.#run;
    const { agents } = run.roster;
    const seatOf = (name: string): number => Math.max(0, agents.findIndex((agent) => agent.name === name));
    const replies = new Map(run.replies.map((reply) => [reply.replyId, reply]));
    const say = (utterance: Utterance): SaidView => ({ utterance, seat: seatOf(utterance.agent), live: this.#live(utterance) });
    const rawTurns = run.turns;
    const turns = rawTurns.map((turn, i): TurnView => {
      const reply = replies.get(turn.utterances[0].replyId ?? '') ?? null;
      const stages = stagesOf({ turn, reply, peerSpeech: run.wire.of(run.roster.peerOf(turn.agent) ?? '') });
      return { turn, seat: seatOf(turn.agent), said: turn.utterances.map(say), stages, reply, before: rawTurns[i - 1] ?? null };
    });
    const inTurns = new Set(rawTurns.flatMap(({ utterances }) => utterances.map(({ utteranceId }) => utteranceId)));
    const records = latencyRecords(run);
    const asides = run.utterances.filter(({ utteranceId }) => !inTurns.has(utteranceId)).map(say);
    return {
      started: run.roster.started,
      seats: agents.map((agent) => ({
        agent,
        doing: this.#doing(agent.name),
        segments: run.wire.of(agent.name),
        medians: mediansOf({
          records: records.filter(({ agent_name }) => agent_name === agent.name),
          turns: turns.filter(({ turn }) => turn.agent === agent.name),
        }),
      })),
      items: itemsOf(turns, asides),
      turns,
      callMs: run.nowMs,
      roomUrl: run.ended ? null : this.#roomUrl,
      spokenTurns: Math.max(0, ...agents.map(({ name }) => turns.filter(({ turn }) => turn.agent === name).length)),
      ended: run.ended,
      warnings: run.warnings,
      run,
    };
  }

  #hear(event: EventOf<'transcript.published'>): void {
    const name = this.#run.roster.nameOf(event.participant);
    const heard = this.#transcripts.get(name) ?? { finals: [], interim: null };
    this.#transcripts.set(name, heard);
    if (event.final) heard.finals.push(event);
    heard.interim = event.final ? null : event;
  }

  #live({ agent, startMs, endMs }: Utterance): LiveText | null {
    if (endMs !== null) return null;
    const { finals = [], interim = null } = this.#transcripts.get(agent) ?? {};
    const settled = finals.filter((final) => final.endMs > startMs).map(({ text }) => text);
    return { settled: settled.join(' '), interim: interim && interim.endMs > startMs ? interim.text : '' };
  }

  #doing(name: string): SeatView['doing'] {
    if (this.#run.wire.of(name).at(-1)?.endMs === null) return 'speaking';
    if (this.#run.ended) return 'listening';
    if (!this.#present.has(name)) return 'away';
    const reply = this.#run.replies.findLast(({ agent }) => agent === name);
    return reply && reply.outcome === null && reply.firstSampleMs === null ? 'thinking' : 'listening';
  }
}

function stagesOf({ turn, reply, peerSpeech }: { turn: Turn; reply: ReplyTrace | null; peerSpeech: readonly WireSegment[] }): Stages {
  return {
    endOfTurnMs: reply ? perceptionDelays(reply, peerSpeech).endOfTurnMs : null,
    llmMs: reply?.llm.findLast(({ outcome }) => outcome !== 'failed')?.ttftMs ?? null,
    ttsMs: reply?.tts?.ttfbMs ?? null,
    heardMs: turn.gapMs,
  };
}

/** The same medians as metrics.json gives: of stages over the replies that were heard, of what was heard over turns. */
function mediansOf({ records, turns }: { records: readonly LatencyRecord[]; turns: readonly TurnView[] }): Stages {
  return {
    endOfTurnMs: summarize(records.map(({ end_of_turn_delay }) => end_of_turn_delay)).p50,
    llmMs: summarize(records.map(({ ttft }) => ttft)).p50,
    ttsMs: summarize(records.map(({ tts_ttfb }) => tts_ttfb)).p50,
    heardMs: summarize(turns.map(({ turn }) => turn.gapMs)).p50,
  };
}

function itemsOf(turns: readonly TurnView[], asides: readonly SaidView[]): ItemView[] {
  const items: (ItemView & { startMs: number })[] = [
    ...turns.map((turn) => ({ kind: 'turn' as const, turn, startMs: turn.turn.startMs })),
    ...asides.map((said) => ({ kind: 'aside' as const, said, startMs: said.utterance.startMs })),
  ];
  return items.toSorted((a, b) => a.startMs - b.startMs);
}
