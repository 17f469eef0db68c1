/**
 * What one case of a test run came to: plain data that every reporter, baseline and merge reads, and that is written
 * to results.json. All but `wall_secs` and `folder` is the same on every machine and for every number of workers.
 */
import type { EndedBy } from '../events/event.ts';
import type { CheckResult } from './checks/check.ts';
import { comparedFigures } from './compared-figures.ts';
import type { RunMetrics } from './run-metrics.ts';
import type { InvalidReason } from './validity.ts';
import type { Verdict } from './verdict.ts';

/** What makes a case this one and no other. */
export type CaseIdentity = {
  /** The file, the matrix values and the seeds in one text. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly seed: number;
  /** Null where latencies are drawn from the seed. */
  readonly jitter_seed: number | null;
  readonly variant: Readonly<Record<string, string>>;
};

export type CaseResult = CaseIdentity & {
  readonly verdict: Verdict;
  readonly ended_by: EndedBy | null;
  readonly call_secs: number;
  readonly turns: number;
  readonly checks: readonly CheckResult[];
  readonly invalid: readonly InvalidReason[];
  /** Why there is no verdict, in one line; null where there is one. */
  readonly error: string | null;
  /** How often it was run: invalid live runs are run again. */
  readonly attempts: number;
  /** What came of it before, in order; none of it counts. */
  readonly earlier: readonly EarlierTry[];
  /** USD; null where it is unknown. A recording that is played costs what it cost when it was made. */
  readonly cost_usd: number | null;
  /** There where it costs at least that: of some requests nobody told what they took. */
  readonly cost_at_least?: true;
  /** Figures to compare between runs: `system response_latency p50`, `talk_over`. Milliseconds, seconds or shares. */
  readonly figures: Readonly<Record<string, number>>;
  readonly gaps: CaseGaps;
  readonly warnings: readonly string[];
  readonly wall_secs: number;
  /** Where its events, transcript and, if kept, recording are; null where nothing was kept. */
  readonly folder: string | null;
};

export type EarlierTry = Pick<CaseResult, 'invalid' | 'cost_usd' | 'cost_at_least' | 'folder'>;

/** How long each turn was waited for, in the order of the call. The two speak in turn, so who began says who had which. */
export type CaseGaps = {
  readonly first: 'system' | 'user' | null;
  /** Whole milliseconds from the end of the turn before; negative is talking over. Null for the first turn. */
  readonly ms: readonly (number | null)[];
};

export function caseResult(
  identity: CaseIdentity,
  metrics: RunMetrics,
  facts: Pick<CaseResult, 'wall_secs' | 'folder'>,
): CaseResult {
  const { verdict, ended_by, call_secs, conversation, checks, invalid, warnings, cost } = metrics;
  const error = verdict === 'errored' ? (metrics.ended_reason ?? `the run was ended by ${ended_by}`) : null;
  const measured = { call_secs, turns: conversation.turns, figures: comparedFigures(metrics), gaps: gapsOf(metrics), ...paidFor(cost) };
  return { ...identity, verdict, ended_by, checks, invalid, error, ...measured, warnings, ...ONCE, ...facts };
}

/** A case that came to nothing, because it could not be run or took too long. */
export function brokenCase(identity: CaseIdentity, error: string, facts: Pick<CaseResult, 'wall_secs' | 'folder'>): CaseResult {
  return { ...identity, verdict: 'errored', ended_by: null, checks: [], invalid: [], error, ...UNMEASURED, warnings: [], ...ONCE, ...facts };
}

export function paidFor({ total, at_least }: RunMetrics['cost']): Pick<CaseResult, 'cost_usd' | 'cost_at_least'> {
  return { cost_usd: total, ...(at_least && { cost_at_least: true }) };
}

function gapsOf({ agents, turn_list }: RunMetrics): CaseGaps {
  const first = agents.find(({ name }) => name === turn_list[0]?.agent)?.role ?? null;
  return { first, ms: turn_list.map(({ floor_transfer_offset: gap }) => (gap === null ? null : Math.round(gap))) };
}

const UNMEASURED = { call_secs: 0, turns: 0, figures: {}, gaps: { first: null, ms: [] }, cost_usd: null };
const ONCE: Pick<CaseResult, 'attempts' | 'earlier'> = { attempts: 1, earlier: [] };
