/**
 * From events to what each agent tells its room while the call lasts. A request that was called off says nothing: how
 * long an aborted answer would have taken is unknown. A turn is told when its reply is over, never a neighbour's.
 */
import type { BottalkEvent, EventOf } from '../events/event.ts';
import { median, percentile } from './aggregate.ts';
import { ClosedRecords } from './closed-records.ts';
import type { LatencyRecord } from './latency-record.ts';
import type { MetricsBody, MetricsMessage, MetricsSummary, SecondsSummary } from './metrics-message.ts';
import { round2 } from './rounding.ts';

/** What is kept of one agent. */
type Tally = {
  readonly brain: string;
  readonly voice: string;
  /** Own utterances that sound. */
  readonly sounding: Set<string>;
  interruptions: number;
  readonly ttfb: Map<string, number[]>;
  readonly processing: Map<string, number[]>;
  readonly e2e: number[];
};

export class MessageFold {
  readonly #records = new ClosedRecords();
  readonly #tallies = new Map<string, Tally>();

  /** Shows the next event and gives the messages that it causes. */
  event(event: BottalkEvent): readonly MetricsMessage[] {
    const closed = this.#records.event(event);
    if (event.type === 'run.started') for (const agent of event.agents) this.#tallies.set(agent.name, newTally(agent));
    if (!('agent' in event) || event.agent === undefined) return [];
    const tally = this.#tallies.get(event.agent);
    if (!tally) return [];
    const body = closed ? turnOf(closed.record) : this.#stage(event, tally);
    return body ? [{ agent: event.agent, atMs: event.atMs, body }] : [];
  }

  /** What all of an agent's figures come to; undefined while there are none. */
  summaryOf(agent: string): MetricsSummary | undefined {
    const tally = this.#tallies.get(agent);
    if (!tally) return undefined;
    const data = { ...group('ttfb', tally.ttfb), ...group('processing', tally.processing), ...(tally.e2e.length > 0 && { e2e: summarized(tally.e2e) }) };
    return Object.keys(data).length > 0 ? data : undefined;
  }

  #stage(event: BottalkEvent, tally: Tally): MetricsBody | undefined {
    switch (event.type) {
      case 'llm.first_token':
        return stage('ttfb', tally, tally.brain, event.ttftMs);
      case 'llm.completed':
        return stage('processing', tally, tally.brain, event.durationMs);
      case 'tts.first_audio':
        return stage('ttfb', tally, tally.voice, event.ttfbMs);
      case 'tts.completed':
        return stage('processing', tally, tally.voice, event.durationMs);
      case 'utterance.started':
        tally.sounding.add(event.utteranceId);
        return this.#answered(event, tally);
      case 'utterance.stopped':
        tally.sounding.delete(event.utteranceId);
        return undefined;
      case 'vad.speech_started':
        if (tally.sounding.size === 0) return undefined;
        tally.interruptions += 1;
        return { type: 'interruption', count: tally.interruptions };
      default:
        return undefined;
    }
  }

  /** The first sound of a reply answers what the peer had said; a later one answers nothing. */
  #answered({ replyId, atMs }: EventOf<'utterance.started'>, tally: Tally): MetricsBody | undefined {
    const reply = replyId === null ? undefined : this.#records.fold.replies.findLast((one) => one.replyId === replyId);
    if (!reply?.vadStop || reply.firstSampleMs !== atMs) return undefined;
    const value = seconds(atMs - reply.vadStop.atMs);
    tally.e2e.push(value);
    return { type: 'e2e', value, reply_id: reply.replyId };
  }
}

function newTally({ llm, llmModel, tts, ttsModel }: EventOf<'run.started'>['agents'][number]): Tally {
  return {
    brain: processor(llm, 'LLM', llmModel),
    voice: processor(tts, 'TTS', ttsModel),
    sounding: new Set(),
    interruptions: 0,
    ttfb: new Map(),
    processing: new Map(),
    e2e: [],
  };
}

const SPELLING: Readonly<Record<string, string>> = { openai: 'OpenAI', elevenlabs: 'ElevenLabs' };

/** As Pipecat labels its services: dashboards tell a voice from a brain by what this label contains. */
function processor(provider: string, kind: 'LLM' | 'TTS', model: string): string {
  const name = SPELLING[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1);
  return `${name}${kind}Service#0${model === '' || model === provider ? '' : ` (${model})`}`;
}

function stage(type: 'ttfb' | 'processing', tally: Tally, label: string, ms: number): MetricsBody {
  const value = seconds(ms);
  const values = tally[type].get(label);
  if (values) values.push(value);
  else tally[type].set(label, [value]);
  return { type, processor: label, value };
}

function turnOf(record: LatencyRecord): MetricsBody {
  return {
    type: 'turn',
    turn: record.turn_index + 1,
    input: record.input,
    output: record.output,
    e2e: record.e2e_latency === null ? null : seconds(record.e2e_latency),
    reply_id: record.reply_id,
    vad_stop_secs: record.vad_stop_secs,
    perceived_latency: record.perceived_latency === null ? null : seconds(record.perceived_latency),
    interrupted: record.interrupted,
    spoken_output: record.spoken_output,
  };
}

function group(name: 'ttfb' | 'processing', series: ReadonlyMap<string, readonly number[]>): MetricsSummary {
  if (series.size === 0) return {};
  return { [name]: Object.fromEntries([...series].map(([label, values]) => [label, summarized(values)])) };
}

function summarized(values: readonly number[]): SecondsSummary {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    avg: rounded(sorted.reduce((sum, value) => sum + value, 0) / sorted.length),
    p50: rounded(median(sorted)),
    p95: percentile(sorted, 0.95),
    min: sorted[0] as number,
    max: sorted.at(-1) as number,
    n: sorted.length,
  };
}

/** The same digits as in the records, which count milliseconds with two decimals. */
function seconds(ms: number): number {
  return rounded(round2(ms) / 1000);
}

function rounded(secs: number): number {
  return Number(secs.toFixed(5));
}
