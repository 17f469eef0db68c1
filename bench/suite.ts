/**
 * `npm run bench:suite`: what `bottalk test` can be trusted with on this machine. False alarms and detection of a
 * comparison with a baseline, the same again while other processes keep every core busy, and speed and memory.
 * `--small` takes a minute or two and shows the same with fewer runs; its figures are not those of the documents.
 * `speed` or `statistics` names the part that is wanted.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { suiteSpeed } from './suite-speed.ts';
import { detection, falseAlarms, FULL, type Pools, runPools, SMALL, tableOf, totalOf } from './suite-statistics.ts';

const PARTS = ['speed', 'statistics'] as const;
const named = process.argv.slice(2).filter((word) => !word.startsWith('-'));
for (const word of named) if (!PARTS.some((part) => part === word)) throw new Error(`there is no part "${word}": ${PARTS.join(', ')}`);
const small = process.argv.includes('--small');
const size = small ? SMALL : FULL;
const cacheFolder = mkdtempSync(join(tmpdir(), 'bottalk-bench-'));
const { model = 'unknown' } = cpus()[0] ?? {};
console.log(`Node ${process.version}, ${cpus().length} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}-${process.arch}\n`);
try {
  if (wanted('speed')) for (const line of await suiteSpeed(small ? { cases: 10, many: 20 } : { cases: 100, many: 1000 })) console.log(line);
  if (wanted('statistics')) await statistics();
} finally {
  rmSync(cacheFolder, { recursive: true, force: true });
}

async function statistics(): Promise<void> {
  const startedMs = wall.nowMs();
  const quiet = await runPools(size, join(cacheFolder, 'quiet'));
  console.log(`\nwhat got worse in ${size.comparisons} comparisons each, made of ${runs(quiet)} runs (${((wall.nowMs() - startedMs) / 1000).toFixed(0)} s)`);
  const alarms = falseAlarms(quiet, size);
  for (const line of [...tableOf([...alarms, ...detection(quiet, size)]), totalOf(alarms)]) console.log(line);
  const busy = await whileBusy(() => runPools(size, join(cacheFolder, 'busy')));
  const isSame = outcome(busy) === outcome(quiet);
  console.log(`with ${cpus().length} more processes that keep every core busy: ${isSame ? `all ${runs(busy)} runs are the same, and so is every figure above` : 'RUNS DIFFER'}`);
  if (!isSame) process.exitCode = 1;
}

function wanted(part: (typeof PARTS)[number]): boolean {
  return named.length === 0 || named.includes(part);
}

function runs({ usual, slower }: Pools): number {
  return [usual, ...slower.values()].reduce((sum, pool) => sum + pool.size, 0);
}

/** The figures follow from the runs and nothing else, so they need not be computed again. */
function outcome({ usual, slower }: Pools): string {
  return [usual, ...slower.values()].map((pool) => pool.outcome).join('\n');
}

async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const busy: ChildProcess[] = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  try {
    return await work();
  } finally {
    for (const child of busy) child.kill();
  }
}
