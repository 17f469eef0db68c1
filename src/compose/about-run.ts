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
  /** What was played in the place of the world. */
  readonly replay?: { readonly file: string; readonly sha256: string; readonly mode: string } | undefined;
};

export function aboutRun({ of, version, startedEpochMs, wallMs, ending, replay }: AboutRun): Readonly<Record<string, unknown>> {
  const require = createRequire(import.meta.url);
  return {
    schema: 1,
    bottalk: version,
    title: of.scenario.title,
    scenario_file: of.file ?? null,
    seed: of.seed,
    ...givenOf(of),
    started_at: new Date(startedEpochMs).toISOString(),
    wall_seconds: Math.round(wallMs) / 1000,
    ended_by: ending.endedBy,
    ...(ending.reason !== undefined && { reason: ending.reason }),
    ...(replay && { cassette: { file: replay.file, sha256: replay.sha256, mode: replay.mode } }),
    node: process.version,
    onnxruntime: (require('onnxruntime-node/package.json') as { version: string }).version,
    platform: `${platform()}-${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
}

/** What else makes it this call: nothing that is as the file has it. */
function givenOf({ given = {}, jitterSeed, variant = {}, chosen = {} }: Case): Readonly<Record<string, unknown>> {
  return {
    ...(given.variables && Object.keys(given.variables).length > 0 && { variables: given.variables }),
    ...(given.maxTurns !== undefined && { max_turns: given.maxTurns }),
    ...(jitterSeed !== undefined && { jitter_seed: jitterSeed }),
    ...(Object.keys(variant).length > 0 && { variant }),
    ...(Object.keys(chosen).length > 0 && { providers: chosen }),
  };
}
