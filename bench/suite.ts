/**
 * `npm run bench:suite`: what `bottalk test` can be trusted with on this machine. False alarms and detection of a
 * comparison with a baseline, the same again while other processes keep every core busy, and speed and memory.
 * `--small` takes a minute or two and shows the same with fewer runs; its figures are not those of the documents.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { suiteSpeed } from './suite-speed.ts';
import { detection, falseAlarms, FULL, type Pools, runPools, SMALL } from './suite-statistics.ts';

const small = process.argv.includes('--small');
const size = small ? SMALL : FULL;
const cacheFolder = mkdtempSync(join(tmpdir(), 'bottalk-bench-'));
const { model = 'unknown' } = cpus()[0] ?? {};
console.log(`Node ${process.version}, ${cpus().length} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}-${process.arch}\n`);
try {
  for (const line of await suiteSpeed(small ? { cases: 10, many: 20 } : { cases: 100, many: 1000 })) console.log(line);
  const startedMs = wall.nowMs();
  const quiet = await runPools(size, join(cacheFolder, 'quiet'));
  console.log(`\nof ${size.comparisons} comparisons each, by pairs of runs (${runs(quiet)} runs in ${((wall.nowMs() - startedMs) / 1000).toFixed(0)} s)`);
  const figures = [...falseAlarms(quiet, size), ...detection(quiet, size)];
  for (const line of figures) console.log(line);
  const busy = await whileBusy(() => runPools(size, join(cacheFolder, 'busy')));
  const again = outcome(busy) === outcome(quiet) ? `all ${runs(busy)} runs are the same, and so is every figure above` : 'RUNS DIFFER';
  console.log(`with ${cpus().length} more processes that keep every core busy: ${again}`);
} finally {
  rmSync(cacheFolder, { recursive: true, force: true });
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
