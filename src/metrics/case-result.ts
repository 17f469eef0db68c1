/**
 * What one case of a test run came to: plain data that every reporter, baseline and merge reads, and that is written
 * to results.json. All but `wall_secs` and `folder` is the same on every machine and for every number of workers.
 */
import type { EndedBy } from '../events/event.ts';
import type { CheckResult } from './checks/check.ts';
import { measureNamed } from './checks/measures.ts';
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
  /** Figures to compare between runs: `system response_latency p50`, `talk_over`. Milliseconds, seconds or shares. */
  readonly figures: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  readonly wall_secs: number;
  /** Where its events, transcript and, if kept, recording are; null where nothing was kept. */
  readonly folder: string | null;
};

/** The figures that say how a conversation went, one value each for a run. */
const COMPARED: readonly (readonly [measure: string, stat: string | null])[] = [
  ['response_latency', 'p50'],
  ['yield_latency', 'p50'],
  ['ttft', 'p50'],
  ['tts_ttfb', 'p50'],
  ['end_of_turn_delay', 'p50'],
  ['e2e_latency', 'p50'],
  ['turn_taking_score', null],
  ['word_error', null],
  ['talk_over', null],
  ['duration', null],
];

export function caseResult(
  identity: CaseIdentity,
  metrics: RunMetrics,
  facts: Pick<CaseResult, 'attempts' | 'wall_secs' | 'folder'>,
): CaseResult {
  const { verdict, ended_by, call_secs, conversation, checks, invalid, warnings } = metrics;
  const error = verdict === 'errored' ? (metrics.ended_reason ?? `the run was ended by ${ended_by}`) : null;
  return { ...identity, verdict, ended_by, call_secs, turns: conversation.turns, checks, invalid, error, figures: figuresOf(metrics), warnings, ...facts };
}

/** A case that came to nothing, because it could not be run or took too long. */
export function brokenCase(identity: CaseIdentity, error: string, facts: Pick<CaseResult, 'attempts' | 'wall_secs' | 'folder'>): CaseResult {
  return { ...identity, verdict: 'errored', ended_by: null, call_secs: 0, turns: 0, checks: [], invalid: [], error, figures: {}, warnings: [], ...facts };
}

function figuresOf(metrics: RunMetrics): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [name, stat] of COMPARED) {
    const measure = measureNamed(name);
    const agents = measure?.of === 'agent' ? metrics.agents : [undefined];
    for (const agent of agents) {
      const value = measure?.read(metrics, agent, stat ?? '').value;
      if (value === null || value === undefined) continue;
      figures[[agent?.role, name, stat].filter((part) => part !== null && part !== undefined).join(' ')] = value;
    }
  }
  return figures;
}
