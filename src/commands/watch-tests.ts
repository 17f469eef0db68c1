/**
 * `bottalk test --watch`: the same test run again whenever a file that it reads has changed, until Ctrl-C. What is
 * wrong with a file is said and waited out; only a bug of ours ends it.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MismatchError, ProviderError, UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { PRICES_FILE } from '../compose/prices.ts';
import { CASSETTE_FILE } from '../run/run-folder.ts';
import { discoverScenarios } from '../scenarios/discover.ts';
import { baselinePath } from './baseline-file.ts';
import { EXIT } from './exit-codes.ts';
import { explain } from './explain.ts';
import { changedFiles, type FileStamp, nextChange, stampOf } from './file-stamp.ts';
import { interruptSignal } from './interrupt.ts';
import { pathsOf } from './plan-flagged-tests.ts';
import { runTests } from './run-tests.ts';
import type { TestFlags } from './test-flags.ts';

/** Whoever looks back finds the last run only. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/** Throws a UsageError if there is nothing to watch. */
export async function watchTests(given: readonly string[], flags: TestFlags): Promise<number> {
  const paths = pathsOf(given, flags);
  const interrupt = interruptSignal();
  const { signal } = interrupt;
  const named = ['.env.local', flags.prices ?? PRICES_FILE];
  const look = async (): Promise<FileStamp> => stampOf([...(await scenariosOf(paths)), ...named, ...(await keptOf(flags))]);
  await discoverScenarios(paths);
  try {
    for (let seen = await look(); ; ) {
      const code = await runTests(paths, flags).catch(told);
      if (signal.aborted || code === EXIT.cancelled) return EXIT.cancelled;
      // What the run itself has written must not begin another one.
      if (writesKept(flags)) seen = new Map([...seen, ...(await stampOf(await keptOf(flags)))]);
      process.stderr.write(`\nwatching ${seen.size} file${seen.size === 1 ? '' : 's'} (Ctrl-C ends)\n`);
      const now = await nextChange(seen, { wall, look, signal });
      if (now === undefined) return EXIT.cancelled;
      if (process.stdout.isTTY) process.stdout.write(CLEAR);
      process.stderr.write(`changed: ${changedFiles(seen, now).join(', ')}\n\n`);
      seen = now;
    }
  } finally {
    interrupt.release();
  }
}

function told(error: unknown): number {
  if (error instanceof UsageError || error instanceof ProviderError || error instanceof MismatchError) return explain(error);
  throw error;
}

/** The recordings that are played, and the baseline: what other test runs have kept, and a change of the repository may bring. */
async function keptOf({ cassette, baseline }: TestFlags): Promise<readonly string[]> {
  const cassettes = cassette === undefined ? [] : [cassette, ...(await cassettesIn(cassette))];
  return [...cassettes, ...(baseline === undefined ? [] : [baselinePath(baseline)])];
}

/** None in what is no folder. */
async function cassettesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(CASSETTE_FILE)).map((name) => join(folder, name));
}

function writesKept({ cassetteMode, updateBaseline, saveBaseline }: TestFlags): boolean {
  return cassetteMode === 'refresh' || updateBaseline === true || saveBaseline !== undefined;
}

/** None while what was named is missing: it may come back. */
async function scenariosOf(paths: readonly string[]): Promise<readonly string[]> {
  try {
    return await discoverScenarios(paths);
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}
