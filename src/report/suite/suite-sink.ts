/** What shows or writes a test run: told of each case as it ends, and of the whole when it is over. */
import type { Comparison } from '../../metrics/baseline.ts';
import type { CaseResult } from '../../metrics/case-result.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';

export interface SuiteSink {
  readonly caseStarted?: (id: string) => void;
  /** In the order in which cases end. */
  readonly caseEnded?: (result: CaseResult, progress: SuiteProgress) => void;
  /** With the baseline that it was held against, if there is one. */
  readonly suiteEnded?: (result: SuiteResult, compared?: ComparedWith) => void;
}

export type ComparedWith = { readonly name: string; readonly comparison: Comparison };

export type SuiteProgress = { readonly done: number; readonly of: number };
