/** What metrics.json says of what a model made of the call, and what of that keeps a run from saying anything at all. */
import type { EndedBy, TurnNote } from '../events/event.ts';
import { type EvaluationUsage, type Undecided, withoutFullStop } from './evaluation.ts';
import { type KpiOutcome, type KpiScores, meanOf, outcomeOf } from './kpis.ts';
import { round2 } from './rounding.ts';
import type { RunFold } from './run-fold.ts';

export type EvaluationFigures = {
  readonly provider: string;
  readonly model: string;
  /** Null where nobody asked for them, or no answer came. */
  readonly kpis: {
    readonly scores: KpiScores;
    readonly mean: number;
    readonly outcome: KpiOutcome;
    /** Whether the conversation had come to its end. */
    readonly ended: boolean;
    readonly notes: readonly TurnNote[];
  } | null;
  /** Whether the simulating agent stayed in its role. */
  readonly role: { readonly agent: string; readonly kept: boolean; readonly reason: string; readonly turn: number | null } | null;
  /** Answers from a cache or a recording count as they did when they were given. */
  readonly usage: EvaluationUsage;
};

/** Null for a run that nobody was to evaluate. */
export function evaluationFigures({ roster, evaluation }: RunFold): EvaluationFigures | null {
  const evaluator = roster.started?.evaluator;
  if (!evaluator) return null;
  const { kpis, role, usage } = evaluation;
  const scores = kpis?.scores as KpiScores;
  return {
    ...evaluator,
    kpis: kpis ? { scores, mean: round2(meanOf(scores)), outcome: outcomeOf(scores), ended: kpis.ended, notes: kpis.notes } : null,
    role: role ? { agent: role.agent, kept: role.kept, reason: role.reason, turn: role.turn } : null,
    usage,
  };
}

export type EvaluationDoubt = { readonly code: 'judge_unreachable' | 'out_of_role'; readonly agent: string | null; readonly text: string };

/** An expectation, as far as it matters here. */
type Expected = { readonly kind: string; readonly severity: string };

/** What is only a `should` is no reason, and a run that ended in any other way than by itself has its own reasons. */
export function evaluationDoubts({ roster, evaluation }: RunFold, endedBy: EndedBy): readonly EvaluationDoubt[] {
  if (endedBy === 'budget') return [];
  const checks = (roster.started?.scenario['expect'] ?? []) as readonly Expected[];
  const missing = evaluation.undecided.find((event) => matters(event, checks));
  const { role } = evaluation;
  const where = role && role.turn !== null ? ` in turn ${role.turn}` : '';
  return [
    ...(missing ? [{ code: 'judge_unreachable' as const, agent: null, text: `the judge could not be reached: ${missing.message}` }] : []),
    ...(role && !role.kept ? [{ code: 'out_of_role' as const, agent: role.agent, text: `${role.agent} fell out of its role${where}: ${withoutFullStop(role.reason)}` }] : []),
  ];
}

function matters({ about }: Undecided, checks: readonly Expected[]): boolean {
  if (typeof about === 'number') return checks[about - 1]?.severity === 'must';
  const meant = checks.filter(({ kind }) => kind === 'kpis' || (about === 'role' && kind === 'criterion'));
  return meant.length === 0 || meant.some(({ severity }) => severity === 'must');
}
