/** What passes between a test run and the processes that run its cases. */
import type { CaseResult } from '../metrics/case-result.ts';
import type { PlannedCase } from '../scenarios/suite-plan.ts';
import type { Keep } from './run-test-case.ts';
import type { Secrets } from './secrets.ts';

export type WorkerSettings = {
  readonly cacheFolder: string;
  readonly modelFolder: string;
  readonly version: string;
  readonly keep: Keep;
  readonly timeoutMs: number;
  readonly secrets: Secrets;
};

export type ToTestWorker =
  | { readonly kind: 'settings'; readonly settings: WorkerSettings }
  | { readonly kind: 'run'; readonly planned: PlannedCase; readonly folder: string }
  /** Ends the case that runs, in order. */
  | { readonly kind: 'cancel' };

export type FromTestWorker =
  | { readonly kind: 'done'; readonly result: CaseResult }
  /** A bug of ours: the test run ends with it. */
  | { readonly kind: 'broke'; readonly message: string };
