/** What the page of a test run shows, as one plain-JSON document: its cases with all that is to be said of each, and what they come to together. */
import type { CaseResult } from '../case-result.ts';
import type { RepeatedScenario } from '../repeats.ts';
import type { SuiteResult } from '../suite-result.ts';

export type SuiteDocument = {
  readonly page: 'suite';
  readonly about: Omit<SuiteResult, 'cases' | 'schema'>;
  /** Empty where nothing costs anything. */
  readonly cost: string;
  readonly cases: readonly CaseStory[];
  /** The turns of all cases that were waited for longest, and those that talked over most; the worst first. */
  readonly worst: { readonly waits: readonly WorstTurn[]; readonly overs: readonly WorstTurn[] };
  readonly repeats: readonly RepeatedScenario[];
  /** Null where there is nothing to compare with. */
  readonly compared: ComparedStory | null;
};

export type CaseStory = CaseResult & {
  /** Why it did not pass, and what else there is to say: a place and a line of text each. */
  readonly reasons: readonly Remark[];
  readonly remarks: readonly Remark[];
  readonly links: readonly CaseLink[];
};

export type Remark = { readonly where: string; readonly text: string };

/** `address` as seen from the page. */
export type CaseLink = { readonly name: 'report' | 'folder' | 'transcript' | 'audio'; readonly address: string };

export type WorstTurn = {
  /** Its place among the cases, from 0. */
  readonly case: number;
  /** Counts from 1. */
  readonly turn: number;
  readonly role: 'system' | 'user';
  readonly gapMs: number;
};

/** A baseline that the test run was held against. Figures as they are printed. */
export type ComparedStory = {
  readonly name: string;
  readonly pairs: string;
  /** What it could tell, and what not. */
  readonly notes: readonly string[];
  readonly turned: readonly { readonly id: string; readonly before: string; readonly after: string }[];
  readonly changes: readonly ChangeRow[];
};

export type ChangeRow = {
  readonly figure: string;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  readonly interval: string;
  readonly p: string;
  readonly judgement: 'worse' | 'better' | 'same';
  /** Where it shows most; blank where nothing got worse. */
  readonly where: string;
};
