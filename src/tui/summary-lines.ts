/** What stands below the last turn when the call is over: why it ended, how long, how fast, for what money, and where the files are. */
import { clockTime, counted, milliseconds, speed } from '../base/figure-text.ts';
import { findingText } from '../metrics/checks/finding-text.ts';
import type { AgentMetrics } from '../metrics/run-figures.ts';
import { metricsOf, type RunMetrics } from '../metrics/run-metrics.ts';
import { displayable, truncated } from '../base/display-text.ts';
import { dollars, exactDollars } from '../base/dollars.ts';
import { type Summary, TAIL_NEEDS_VALUES } from '../metrics/aggregate.ts';
import { isBilled } from '../metrics/cost.ts';
import { fitted, type Line, type Piece, wrapped } from './line.ts';
import type { Look } from './look.ts';
import type { CallView } from '../metrics/call-view.ts';

/** What only the machine knows of a run. */
export type RunFacts = {
  /** Where its files are. */
  readonly folder?: string;
  /** How long it took. */
  readonly wallSeconds?: number;
};

/** Columns of the labels in front. */
const LABEL_COLUMNS = 11;

export function summaryLines(view: CallView, facts: RunFacts, { columns, look }: { columns: number; look: Look }): Line[] {
  const metrics = metricsOf(view.run);
  const rows: [string, Line][] = [
    ['ended', howItEnded(view)],
    ...metrics.invalid.map(({ text }): [string, Line] => ['invalid', [{ text: displayable(text), hue: 'bad' }]]),
    ...expectations(metrics),
    ['call', howLong(view, facts)],
    ['turns', turnsOf(metrics)],
    ['overlap', overlap(metrics)],
    ...costs(metrics).map((line): [string, Line] => ['cost', line]),
    ...metrics.agents.map((agent): [string, Line] => [displayable(agent.name), latencies(agent, look)]),
    ['', whatFiguresMean(metrics)],
  ];
  if (facts.folder !== undefined) rows.push(['files', [{ text: displayable(facts.folder) }]]);
  rows.push(...view.warnings.map((warning): [string, Line] => ['warning', [{ text: displayable(warning), hue: 'warning' }]]));
  return rows.flatMap(([label, line]) =>
    wrapped(line, Math.max(10, columns - LABEL_COLUMNS - 2)).map((text, row): Line => [...labelled(row === 0 ? label : '', look), ...text]),
  );
}

/** Nothing where nothing was expected. */
function expectations({ checks, verdict }: RunMetrics): [string, Line][] {
  if (checks.length === 0) return [];
  const held = checks.filter(({ outcome }) => outcome === 'held').length;
  const missed = checks.filter(({ outcome }) => outcome !== 'held');
  const bad = { hue: 'bad' as const };
  return [
    ['expected', [{ text: `${held} of ${checks.length} held: ` }, { text: verdict, bold: true, ...(verdict === 'passed' ? {} : bad) }]],
    ...missed.map((check): [string, Line] => ['', [{ text: `${check.severity === 'should' ? 'should: ' : ''}${findingText(check)}`, ...(check.severity === 'must' ? bad : {}) }]]),
  ];
}

function labelled(label: string, { glyphs }: Look): Line {
  return [{ text: ' ' }, ...fitted([{ text: truncated(label, LABEL_COLUMNS - 1, glyphs.ellipsis), dim: true }], LABEL_COLUMNS, glyphs.ellipsis)];
}

function howItEnded({ ended }: CallView): Line {
  if (!ended) return [{ text: 'cut off: the log has no end', bold: true, hue: 'bad' }];
  const by = ended.agent === undefined ? '' : ` by ${displayable(ended.agent)}`;
  const reason = ended.reason === undefined ? '' : `: ${displayable(ended.reason)}`;
  return [{ text: `${ended.endedBy}${by}`, bold: true, ...(ended.endedBy === 'error' ? { hue: 'bad' as const } : {}) }, { text: reason }];
}

function howLong({ callMs }: CallView, { wallSeconds }: RunFacts): Line {
  const wall = wallSeconds === undefined ? '' : ` in ${wallSeconds.toFixed(1)} s of wall time (${speed(callMs / 1000 / Math.max(wallSeconds, 0.001))})`;
  return [{ text: `${clockTime(callMs)}${wall}` }];
}

function turnsOf({ agents }: RunMetrics): Line {
  return [{ text: agents.map(({ name, turns }) => `${displayable(name)} ${turns}`).join(', ') }];
}

function overlap({ agents, conversation }: RunMetrics): Line {
  const cutOff = agents.reduce((sum, agent) => sum + agent.cut_off, 0);
  const backchannels = agents.reduce((sum, agent) => sum + agent.utterances.backchannel, 0);
  const interruptions = `${counted(conversation.interruptions, 'interruption')}${conversation.interruptions > 0 ? ` (${cutOff} cut off)` : ''}`;
  return [{ text: `${interruptions}, ${counted(backchannels, 'backchannel')}` }];
}

/** Nothing where nobody charges anything. */
function costs({ cost, agents }: RunMetrics): Line[] {
  if (!isBilled(cost)) return [];
  const { total, at_least, others, unknown, budget } = cost;
  const limit = budget === null ? '' : ` of a budget of ${exactDollars(budget)}`;
  if (unknown.length > 0) return [[{ text: `unknown${limit}: ${displayable(unknown.join(', '))}` }]];
  const shares = [...agents.map((agent) => `${displayable(agent.name)} ${dollars(agent.cost.total)}`), ...(others === 0 ? [] : [`others ${dollars(others)}`])];
  return [[{ text: `${at_least ? 'at least ' : ''}${dollars(total)}${limit}` }, { text: ` (${shares.join(', ')})`, dim: true }]];
}

function latencies({ heard, reported }: AgentMetrics, { glyphs }: Look): Line {
  const stages: readonly [string, Summary][] = [
    ['end of turn', reported.end_of_turn_delay],
    ['LLM', reported.ttft],
    ['TTS', reported.tts_ttfb],
    ['as heard', heard.response_latency],
  ];
  return stages.flatMap(([name, { p50, p95 }], i): Piece[] => [
    { text: `${i === 0 ? '' : ', '}${name} `, dim: true },
    { text: `${milliseconds(p50, glyphs.none)}/${milliseconds(p95, glyphs.none)}` },
  ]);
}

function whatFiguresMean({ agents }: RunMetrics): Line {
  const few = agents.some(({ heard: { response_latency: { n } } }) => n < TAIL_NEEDS_VALUES);
  return [{ text: `ms, median/P95${few ? ` (a P95 of fewer than ${TAIL_NEEDS_VALUES} values is a guess)` : ''}`, dim: true }];
}
