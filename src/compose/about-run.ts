/** What run.json says: everything about a run that depends on the machine and the moment. */
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import type { Ending } from '../run/conversation.ts';
import type { Case } from '../scenarios/scenario.ts';

export type AboutRun = {
  readonly of: Case;
  readonly version: string;
  readonly startedEpochMs: number;
  readonly wallMs: number;
  readonly ending: Ending;
};

export function aboutRun({ of, version, startedEpochMs, wallMs, ending }: AboutRun): Readonly<Record<string, unknown>> {
  const require = createRequire(import.meta.url);
  return {
    schema: 1,
    bottalk: version,
    title: of.scenario.title,
    scenario_file: of.file ?? null,
    seed: of.seed,
    started_at: new Date(startedEpochMs).toISOString(),
    wall_seconds: Math.round(wallMs) / 1000,
    ended_by: ending.endedBy,
    node: process.version,
    onnxruntime: (require('onnxruntime-node/package.json') as { version: string }).version,
    platform: `${platform()}-${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}
