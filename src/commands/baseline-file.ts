/** Where baselines are kept: small files in a folder of the repository, or wherever a path says. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import { BASELINE_SCHEMA, type Baseline, baselineOf } from '../metrics/baseline.ts';
import { pairCases } from '../metrics/pair-cases.ts';
import type { SuiteResult } from '../metrics/suite-result.ts';
import { baselineSchema, faultIn } from './kept-schema.ts';

const FOLDER = 'baselines';

/** A name is a file in the folder of baselines; what looks like a path is one. */
export function baselinePath(name: string): string {
  return name.includes('/') || name.endsWith('.json') ? name : join(FOLDER, `${name}.json`);
}

/** Throws a UsageError where there is none that this bottalk can read. */
export function readBaseline(name: string): Baseline {
  const path = baselinePath(name);
  let baseline: Partial<Baseline>;
  try {
    baseline = JSON.parse(readFileSync(path, 'utf8')) as Partial<Baseline>;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(missing ? `there is no baseline ${path}` : `${path} cannot be read as a baseline`, `bottalk test --save-baseline ${name}`);
  }
  if (baseline.schema !== BASELINE_SCHEMA || !Array.isArray(baseline.cases)) {
    throw new UsageError(`${path} is no baseline of this version`, `bottalk test --save-baseline ${name}`);
  }
  const fault = faultIn(baselineSchema, baseline);
  if (fault !== undefined) throw new UsageError(`${path} is no baseline as bottalk test writes it: ${fault}`, `bottalk test --save-baseline ${name}`);
  return baseline as Baseline;
}

/** The same, for these cases. Throws a UsageError where nothing could be compared: a gate that holds nothing must not look green. */
export function readBaselineFor(name: string, cases: readonly { readonly id: string }[]): Baseline {
  const baseline = readBaseline(name);
  if (pairCases(baseline.cases, cases).length > 0) return baseline;
  throw new UsageError(`${baselinePath(name)} has none of these cases, so there is nothing to compare`, `cases are known by their files; bottalk test --save-baseline ${name}`);
}

/** Half a test run, or one of which nothing can be trusted, takes no good one's place. */
export function whyNotKept(result: SuiteResult): string | undefined {
  if (result.stopped || result.totals.cancelled > 0) return 'it was stopped before every case had run';
  return baselineOf(result).cases.length === 0 ? 'no case of it can be trusted' : undefined;
}

/** One case a line, so that a change of one shows as a change of one. */
export function writeBaseline(name: string, { cases, ...head }: Baseline): string {
  const path = baselinePath(name);
  const lines = cases.map((each) => `    ${JSON.stringify(each)}`).join(',\n');
  const opening = JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${opening},\n  "cases": [\n${lines}\n  ]\n}\n`);
  } catch (error) {
    throw new UsageError(`${path} cannot be written`, (error as NodeJS.ErrnoException).code);
  }
  return path;
}
