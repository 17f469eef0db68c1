/**
 * What a scenario expects of its run, as plain data, and what became of each expectation. A check is decided by the
 * event log alone, so that a saved run gives the verdict of the live one.
 */
import type { EndedBy } from '../../events/event.ts';
import type { Kpi } from '../kpis.ts';
import type { Gate } from './gate.ts';

/** A `should` is reported and changes no verdict. */
export type Severity = 'must' | 'should';

/** Where words are looked for: in what was played to its end, or in what the room transcribed. */
export type WordSource = 'speech' | 'transcript';

/** Words of one agent or, where `by` is null, of anybody, in the first `withinTurn` turns of the call or in all. */
export type WordScope = { readonly by: string | null; readonly withinTurn: number | null; readonly source: WordSource };

export type CheckKind =
  /** Any one of the phrases, as whole words; case and punctuation do not matter. */
  | ({ readonly kind: 'contains'; readonly phrases: readonly string[]; readonly wanted: boolean } & WordScope)
  /** A regular expression, tried on each turn's text; case does not matter. */
  | ({ readonly kind: 'matches'; readonly pattern: string; readonly wanted: boolean } & WordScope)
  /** Phrases of which each is said after the one before it. */
  | ({ readonly kind: 'in_order'; readonly phrases: readonly string[] } & WordScope)
  | { readonly kind: 'ended_by'; readonly anyOf: readonly EndedBy[] }
  /** A tool was called (or not), with at least these arguments; `times` is exact, null is at least once. */
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly wanted: boolean;
      readonly by: string | null;
      readonly arguments: Readonly<Record<string, unknown>>;
      readonly times: number | null;
    }
  | { readonly kind: 'gate'; readonly gate: Gate }
  /** Something that a model is asked of the call when it is over; the majority of an odd number of votes decides. */
  | { readonly kind: 'criterion'; readonly criterion: string; readonly votes: number }
  /** The least that each KPI may be, 0 to 100. */
  | { readonly kind: 'kpis'; readonly atLeast: Readonly<Partial<Record<Kpi, number>>> };

export type Check = CheckKind & {
  readonly severity: Severity;
  /** Where it stands in the scenario file; null for scenarios made in memory. */
  readonly line: number | null;
};

/** Where in the call a check was decided. Turns count from 1. */
export type CheckPlace = { readonly turn: number | null; readonly agent: string | null; readonly atMs: number | null };

export type CheckResult = {
  /** Counts the scenario's expectations from 1. */
  readonly index: number;
  readonly severity: Severity;
  readonly line: number | null;
  /** What was expected, as a person would say it. */
  readonly expected: string;
  /** `not_reached`: the call had nothing to decide it by, such as a yield time in a call without interruptions. */
  readonly outcome: 'held' | 'failed' | 'not_reached';
  /** What there was instead, or the value that held. */
  readonly saw: string;
  readonly place: CheckPlace | null;
  /** What the reader of a verdict should know, such as that a tail of few values says little. */
  readonly note: string | null;
};

/** What an evaluator finds out; the rest is the check's own. */
export type Finding = Pick<CheckResult, 'outcome' | 'saw'> & Partial<Pick<CheckResult, 'place' | 'note'>>;
