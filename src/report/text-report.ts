/** `bottalk report --text`: the summary, every turn with its latencies by stage, and turn-taking, talk and usage by agent. */
import { columnsOf } from '../base/display-text.ts';
import { dollars } from '../base/dollars.ts';
import { counted } from '../base/figure-text.ts';
import { TAIL_NEEDS_VALUES } from '../metrics/aggregate.ts';
import type { LatencyRecord } from '../metrics/latency-record.ts';
import { isFree } from '../metrics/price-list.ts';
import { doubted } from '../metrics/recording-check.ts';
import type { AgentMetrics } from '../metrics/run-figures.ts';
import { metricsOf, type RunMetrics } from '../metrics/run-metrics.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import type { InvalidReason } from '../metrics/validity.ts';
import { evaluationSection } from './evaluation-section.ts';
import { callTime, milliseconds, percent, rate } from './figures.ts';
import { costText } from './money.ts';
import { summaryLines } from './summary.ts';
import { oneLine, padEnd, padStart, shorten, table, wrap } from './text-columns.ts';

const COLUMNS = 80;

/** `faults`: what is wrong with the recording, which the log does not know. */
export function textReport(fold: RunFold, faults: readonly InvalidReason[] = []): string {
  const metrics = doubted(metricsOf(fold), faults);
  const sections = [
    summaryLines(metrics, { colour: false }),
    turnSection(metrics, fold),
    agentSection('turn-taking, as heard', metrics.agents, TURN_TAKING),
    agentSection('talk', metrics.agents, TALK),
    conversationSection(metrics),
    agentSection('usage', metrics.agents, USAGE),
    evaluationSection(metrics),
    costText(metrics) === undefined ? [] : agentSection('cost', metrics.agents, COST),
    warningSection(metrics.warnings),
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** A turn shows the stages of the reply that opened it. */
function turnSection({ turn_list: turns, records }: RunMetrics, fold: RunFold): string[] {
  if (turns.length === 0) return [];
  const names = Math.min(12, Math.max(...turns.map(({ agent }) => columnsOf(oneLine(agent)))));
  const head = `${padStart('time', 8)}  ${padEnd('turn', names)}  ${['heard', 'eot', 'llm', 'tts'].map((stage) => stage.padStart(6)).join('')}  what was heard`;
  const rows = turns.map(({ index, agent, start_secs, floor_transfer_offset, cut, text }) => {
    const opening = fold.turns[index]?.utterances[0].replyId;
    const record = records.find((candidate) => candidate.reply_id === opening && candidate.agent_name === agent);
    const name = padEnd(shorten(oneLine(agent), names), names);
    const left = `${padStart(callTime(start_secs * 1000), 8)}  ${name}  ${stages(floor_transfer_offset, record)}  `;
    return left + shorten(`${oneLine(text)}${cut ? '—' : ''}`, COLUMNS - columnsOf(left));
  });
  return ['turns, ms: latency as heard, end of turn (eot), LLM first token, TTS first byte', head, ...rows];
}

function stages(heardMs: number | null, record: LatencyRecord | undefined): string {
  const figures = [heardMs, record?.end_of_turn_delay, record?.ttft, record?.tts_ttfb];
  return figures.map((ms) => milliseconds(ms ?? null).padStart(6)).join('');
}

type Row = readonly [label: string, figure: (agent: AgentMetrics) => string];

const TURN_TAKING: readonly Row[] = [
  ['turn-taking score', ({ heard }) => heard.turn_taking_score?.toFixed(2) ?? '-'],
  ['response latency, P50 ms', ({ heard }) => milliseconds(heard.response_latency.p50)],
  ['response latency, P95 ms', ({ heard: { response_latency } }) => milliseconds(response_latency.p95) + few(response_latency.n)],
  ['on time', ({ heard }) => rate(heard.on_time_rate)],
  ['early', ({ heard }) => rate(heard.early_rate)],
  ['late', ({ heard }) => rate(heard.late_rate)],
  ['answered', ({ heard }) => rate(heard.response_rate)],
  ['interrupted, yielded', ({ heard }) => rate(heard.yield_rate)],
  ['yield latency, ms', ({ heard }) => milliseconds(heard.yield_latency.avg)],
  ['interrupting, per peer turn', ({ heard }) => rate(heard.agent_interruption_rate)],
  ['backchannels ignored', ({ heard }) => rate(heard.selectivity.backchannel)],
  ['tics ignored', ({ heard }) => rate(heard.selectivity.vocal_tic)],
  ['asides ignored', ({ heard }) => rate(heard.selectivity.non_directed)],
];

const TALK: readonly Row[] = [
  ['speech, s', ({ heard }) => heard.speech_secs.toFixed(1)],
  ['talk ratio', ({ heard }) => percent(heard.talk_ratio)],
  ['words per minute', ({ heard }) => milliseconds(heard.words_per_minute)],
  ['word error of its transcript', ({ word_error: { rate: share, words } }) => (share === null ? '-' : `${percent(share)} (${counted(words, 'word')})`)],
];

const USAGE: readonly Row[] = [
  ['LLM', ({ llm }) => oneLine(llm)],
  ['LLM requests', ({ usage }) => String(usage.llm_requests)],
  ['LLM retries', ({ usage }) => (usage.llm_retries === 0 ? '-' : String(usage.llm_retries))],
  ['tokens in', ({ usage }) => tokens(usage.prompt_tokens, usage)],
  ['of them cached', ({ usage }) => (usage.cached_prompt_tokens === 0 ? '-' : String(usage.cached_prompt_tokens))],
  ['tokens out', ({ usage }) => tokens(usage.completion_tokens, usage)],
  ['end-of-turn requests', ({ usage }) => (usage.judge_requests === 0 ? '-' : String(usage.judge_requests))],
  ['voice', ({ tts, voice }) => `${oneLine(tts)}, ${oneLine(voice)}`],
  ['voice retries', ({ usage }) => (usage.tts_retries === 0 ? '-' : String(usage.tts_retries))],
  ['characters spoken', ({ usage }) => String(usage.tts_characters)],
  ['audio, s', ({ usage }) => usage.tts_audio_secs.toFixed(1)],
  ['transcribed, s', ({ usage }) => (usage.transcribed_audio_secs === 0 ? '-' : usage.transcribed_audio_secs.toFixed(1))],
  ['transcription retries', ({ usage }) => (usage.stt_retries === 0 ? '-' : String(usage.stt_retries))],
  ['tool calls', ({ usage }) => String(usage.tool_calls)],
];

/** What is free is not told; what is unknown is. */
const COST: readonly Row[] = [
  ['LLM', ({ llm, cost, usage }) => money(cost.llm, !isFree(llm) && usage.llm_unmetered_requests > 0)],
  ['end of turn', ({ cost, usage }) => money(cost.judge, usage.judge_unmetered_requests > 0)],
  ['voice', ({ cost }) => money(cost.tts)],
  ['transcription', ({ cost }) => money(cost.transcription)],
  ['room', ({ cost, usage }) => (cost.room === 0 ? '-' : `${money(cost.room)} (${usage.room_minutes.toFixed(1)} min)`)],
  ['in all', ({ cost }) => money(cost.total, cost.at_least)],
];

/** How few values a tail is of; nothing where there are enough, or none. */
function few(n: number): string {
  return n > 0 && n < TAIL_NEEDS_VALUES ? ` (n=${n})` : '';
}

function money(usd: number | null, atLeast = false): string {
  if (usd === 0) return atLeast ? 'unmetered' : '-';
  return `${atLeast && usd !== null ? 'at least ' : ''}${dollars(usd)}`;
}

/** Requests without token figures leave a sum that is too small; where none had any there is no sum. */
function tokens(count: number, { llm_requests, llm_unmetered_requests }: AgentMetrics['usage']): string {
  if (llm_unmetered_requests === llm_requests) return '-';
  return llm_unmetered_requests === 0 ? String(count) : `${count} (${llm_unmetered_requests} requests unknown)`;
}

/** Two of them stand beside the longest label. */
const LONGEST_NAME = 22;

function agentSection(title: string, agents: readonly AgentMetrics[], rows: readonly Row[]): string[] {
  const shown = rows.map(([label, figure]) => [label, ...agents.map(figure)]).filter(([, ...figures]) => figures.some((figure) => figure !== '-'));
  return table([[title, ...agents.map(({ name }) => shorten(oneLine(name), LONGEST_NAME))], ...shown.map(([label = '', ...figures]) => [`  ${label}`, ...figures])]);
}

function conversationSection({ conversation }: RunMetrics): string[] {
  const { floor_transfer_offset: offset, talk_over_share, talk_over_secs, dead_air } = conversation;
  const silences = dead_air.count === 0 ? 'none' : `${dead_air.count}, ${dead_air.total_secs.toFixed(1)} s in all, longest ${dead_air.longest_secs.toFixed(1)} s`;
  return [
    'conversation',
    `  floor transfer offset  P50 ${milliseconds(offset.p50)}, P90 ${milliseconds(offset.p90)}, P95 ${milliseconds(offset.p95)} ms (n=${offset.n})`,
    `  talk-over              ${percent(talk_over_share)} of the call (${talk_over_secs.toFixed(1)} s)`,
    `  silences over 3 s      ${silences}`,
  ];
}

function warningSection(warnings: readonly string[]): string[] {
  return warnings.flatMap((message) => wrap(`warning: ${oneLine(message)}`, COLUMNS));
}
