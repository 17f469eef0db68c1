/** What runs the cases of a test run in the cloud, see cloud-test-worker.ts. */
import type { WorkerKind } from '../../compose/test-worker-process.ts';

/** Agents are heard out, sessions are stopped and the room is deleted before a process is ended by force. */
const GRACE_MS = 40_000;

export function cloudWorkerKind(): WorkerKind {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return { entry: new URL(`cloud-test-worker${extension}`, import.meta.url), graceMs: GRACE_MS };
}
