/** What passes between a test run and the processes that run its cases. */
import type { TestCaseOutcome, TestCaseSettings, TestJob } from './run-test-case.ts';

export type WorkerSettings = TestCaseSettings & {
  readonly cacheFolder: string;
  readonly modelFolder: string;
  /** The deployed agent whose sessions are the agents of every case. */
  readonly cloudAgent?: string | undefined;
};

export type ToTestWorker =
  | { readonly kind: 'settings'; readonly settings: WorkerSettings }
  | { readonly kind: 'run'; readonly job: TestJob }
  /** Ends the case that runs, in order. */
  | { readonly kind: 'cancel' };

export type FromTestWorker =
  | ({ readonly kind: 'done' } & TestCaseOutcome)
  /** A bug of ours. */
  | { readonly kind: 'broke'; readonly message: string };
