/** The closing summary of a run: what it came to and where its files are, in a few lines. */
import { counted, speed } from '../base/figure-text.ts';
import { TAIL_NEEDS_VALUES } from '../metrics/aggregate.ts';
import { findingText } from '../metrics/checks/finding-text.ts';
import { doubted } from '../metrics/recording-check.ts';
import type { AgentMetrics } from '../metrics/run-figures.ts';
import { metricsOf, type RunMetrics } from '../metrics/run-metrics.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import type { InvalidReason } from '../metrics/validity.ts';
import { callTime, milliseconds, percent } from './figures.ts';
import { costText } from './money.ts';
import { type Paint, painter } from './paint.ts';
import { narrowTable, oneLine, table, wrap } from './text-columns.ts';

const COLUMNS = 80;
/** Where the facts begin, behind their names. */
const FACT_COLUMN = 17;

export type SummaryOptions = {
  readonly colour: boolean;
  /** How long the run took; left out of reports that are derived from a saved log. */
  readonly wallMs?: number;
  /** The folder that holds the run's files. */
  readonly folder?: string;
  /** The recording that was played. */
  readonly replay?: { readonly file: string; readonly mode: string } | undefined;
  /** What is wrong with its recording, which the log does not know. */
  readonly faults?: readonly InvalidReason[];
};

/** Lines of at most 80 columns but for names of files, the last one ended. Empty for a run that never began. */
export function summaryText(fold: RunFold, options: SummaryOptions): string {
  if (!fold.roster.started) return '';
  return `${summaryLines(doubted(metricsOf(fold), options.faults ?? []), options).join('\n')}\n`;
}

export function summaryLines(metrics: RunMetrics, { colour, wallMs, folder, replay }: SummaryOptions): string[] {
  const paint = painter(colour);
  const reasons = metrics.invalid.flatMap(({ text }) => wrap(oneLine(text), COLUMNS - FACT_COLUMN));
  const facts = [
    ...wrapped('ended by', endedBy(metrics)),
    ...reasons.map((text, i) => [i === 0 ? 'invalid' : '', text]),
    ...expectations(metrics),
    ['call', callLength(metrics, wallMs)],
    ...wrapped('turns', metrics.agents.map(turnsOf).join(', ')),
    ...wrapped('interruptions', interruptions(metrics)),
    ...wrapped('word error', wordErrors(metrics)),
    ...wrapped('cost', costText(metrics) ?? ''),
    ...(replay === undefined ? [] : [['replay', `${replay.mode}, of ${oneLine(replay.file)}`]]),
    ...(folder === undefined ? [] : [['files', folder]]),
  ];
  return [
    ...wrap(`${oneLine(metrics.scenario)}, seed ${metrics.seed}`, COLUMNS).map((line) => paint('bold', line)),
    ...table(facts.map(([what]) => [what as string])).map((label, i) => `  ${paint('dim', label.padEnd(13))}  ${facts[i]?.[1] ?? ''}`),
    '',
    ...latencyLines(metrics.agents, paint),
  ];
}

/** A fact on as many lines as it takes, its name beside the first; none where there is nothing to say. */
function wrapped(what: string, text: string): string[][] {
  return text === '' ? [] : wrap(text, COLUMNS - FACT_COLUMN).map((line, i) => [i === 0 ? what : '', line]);
}

/** Medians and tails by agent and stage; a tail of few values is marked as the guess that it is. */
function latencyLines(agents: readonly AgentMetrics[], paint: Paint): string[] {
  const stages = (agent: AgentMetrics) => [
    agent.heard.response_latency,
    agent.reported.end_of_turn_delay,
    agent.reported.ttft,
    agent.reported.tts_ttfb,
  ];
  const rows = agents.map((agent) => [
    oneLine(agent.name),
    ...stages(agent).flatMap(({ p50, p95, n }) => [milliseconds(p50), `${milliseconds(p95)}${n > 0 && n < TAIL_NEEDS_VALUES ? '*' : ' '}`]),
  ]);
  const few = agents.some((agent) => stages(agent).some(({ n }) => n > 0 && n < TAIL_NEEDS_VALUES));
  const lines = narrowTable([['latency, ms', 'as heard', 'P95 ', 'end of turn', 'P95 ', 'LLM', 'P95 ', 'TTS', 'P95 '], ...rows], COLUMNS - 2);
  return [
    ...lines.flatMap((row, i) => (i === 0 ? row.map((line) => paint('dim', line)) : row)).map((line) => `  ${line}`),
    ...(few ? [paint('dim', `  medians; * = P95 of fewer than ${TAIL_NEEDS_VALUES} values`)] : []),
  ];
}

/** How often an agent held the floor; who was heard twice before the other took it has given more replies than that. */
function turnsOf({ name, turns, replies }: AgentMetrics): string {
  return `${oneLine(name)} ${turns}${replies === turns ? '' : ` (${counted(replies, 'reply', 'replies')})`}`;
}

function endedBy({ complete, ended_by, ended_by_agent }: RunMetrics): string {
  if (!complete || ended_by === null) return 'nothing: the log stops in mid-call';
  return ended_by_agent === null ? ended_by : `${ended_by} (${oneLine(ended_by_agent)})`;
}

/** Nothing where nothing was expected. What was not met is told in full. */
function expectations({ checks, verdict }: RunMetrics): string[][] {
  if (checks.length === 0) return [];
  const held = checks.filter(({ outcome }) => outcome === 'held').length;
  const missed = checks.filter(({ outcome }) => outcome !== 'held');
  const lines = missed.flatMap((check) => wrap(`${check.severity === 'should' ? 'should: ' : ''}${check.line === null ? '' : `line ${check.line}: `}${findingText(check)}`, COLUMNS - FACT_COLUMN));
  return [['expected', `${held} of ${checks.length} held: ${verdict}`], ...lines.map((line) => ['', line])];
}

function callLength({ call_secs }: RunMetrics, wallMs: number | undefined): string {
  const call = callTime(call_secs * 1000);
  if (wallMs === undefined || wallMs <= 0) return call;
  const factor = (call_secs * 1000) / wallMs;
  return `${call} in ${(wallMs / 1000).toFixed(1)} s (${speed(factor)} real time)`;
}

function interruptions({ agents }: RunMetrics): string {
  const parts = agents.flatMap(({ name, heard: { yield_rate: spokenOver }, cut_off: cutOff }) =>
    spokenOver.of === 0 ? [] : [`of ${oneLine(name)} ${spokenOver.of} (${cutOff} cut off)`],
  );
  return parts.join(', ') || 'none';
}

/** How well a transcription of the world understood; the embedded room's own errors are those that the scenario asks for. */
function wordErrors({ transcription, agents }: RunMetrics): string {
  const measured = agents.filter(({ word_error }) => word_error.rate !== null);
  if (transcription === '' || transcription === 'embedded' || measured.length === 0) return '';
  const parts = measured.map(({ name, word_error: { rate, words } }) => `of ${oneLine(name)} ${percent(rate)} (${counted(words, 'word')})`);
  return `${parts.join(', ')}, heard by ${oneLine(transcription)}`;
}
