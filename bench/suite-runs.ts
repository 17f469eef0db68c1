/** Many runs of one call for the suite's benchmarks: each content seed with each seed of latencies, by real workers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { modelFolder } from '../src/compose/cache-folders.ts';
import { runSuite } from '../src/compose/run-suite.ts';
import type { CaseResult } from '../src/metrics/case-result.ts';
import { VOICES } from '../src/providers/voice/voices.ts';
import { parseScenario } from '../src/scenarios/load.ts';
import type { Case } from '../src/scenarios/scenario.ts';
import { planSuite } from '../src/scenarios/suite-plan.ts';

export const CALL_FILE = fileURLToPath(new URL('suite-call.yaml', import.meta.url));
export const WORKERS = 2;

/** The call of suite-call.yaml, with so much more before the first agent's voice begins. */
export function suiteCall({ slowerMs }: { readonly slowerMs: number }): Case {
  const of = parseScenario(readFileSync(CALL_FILE, 'utf8'), 'suite-call.yaml', { voices: VOICES.map(({ name }) => name) });
  const [nora, paul] = of.scenario.agents;
  const usual = nora.tts.first_byte_ms;
  if (typeof usual === 'number') throw new Error('suite-call.yaml gives the voice no latency to draw');
  const slower = { ...nora, tts: { ...nora.tts, first_byte_ms: { p50: usual.p50 + slowerMs, p95: usual.p95 + slowerMs } } };
  return { ...of, scenario: { ...of.scenario, agents: [slower, paul] } };
}

/** So many contents, each with so many draws of its latencies; no draw is shared, because shared ones would tell the same. */
export type Seeds = { readonly contents: number; readonly draws: number };

/** Results by content and draw, both counted from 1. Throws if one of them cannot be trusted. */
export class RunPool {
  readonly #results: ReadonlyMap<string, CaseResult>;

  private constructor(results: readonly CaseResult[]) {
    this.#results = new Map(results.map((result) => [`${result.seed} ${result.jitter_seed}`, result]));
  }

  static async run(of: Case, { contents, draws }: Seeds, cacheFolder: string): Promise<RunPool> {
    const folder = mkdtempSync(join(tmpdir(), 'bottalk-bench-runs-'));
    const settings = { cacheFolder, modelFolder: modelFolder(cacheFolder), version: 'bench', keep: 'none', timeoutMs: 120_000, secrets: {} } as const;
    const jitterSeeds = (content: number): number[] => range(1, draws).map((draw) => jitterSeed(content, draw));
    const plan = range(1, contents).flatMap((content) => planSuite([of], { seeds: [content], jitterSeeds: jitterSeeds(content) }));
    try {
      const { cases } = await runSuite(plan, { wall, workers: WORKERS, settings, folder });
      const broken = cases.find(({ verdict }) => verdict !== 'ran');
      if (broken) throw new Error(`${broken.id} is ${broken.verdict}: ${broken.error ?? broken.invalid[0]?.text}`);
      return new RunPool(cases);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  of(content: number, draw: number): CaseResult {
    const result = this.#results.get(`${content} ${jitterSeed(content, draw)}`);
    if (!result) throw new Error(`content ${content} was not run with draw ${draw}`);
    return result;
  }

  get size(): number {
    return this.#results.size;
  }

  /** All that must be the same on every machine, however busy. */
  get outcome(): string {
    return JSON.stringify([...this.#results.values()].map(({ wall_secs: _wall, ...rest }) => rest));
  }
}

function jitterSeed(content: number, draw: number): number {
  return content * 1000 + draw;
}

export function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}
