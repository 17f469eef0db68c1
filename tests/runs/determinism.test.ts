/** The same scenario and seed give the same bytes, whatever the machine is doing and whatever it remembers. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemWallClock } from '../../src/clock/wall-clock.ts';
import { openMachinery } from '../../src/compose/machinery.ts';
import type { Case } from '../../src/scenarios/scenario.ts';
import { bottalk } from '../../src/testing/command-process.ts';
import { shipped, shippedFile, type WholeRun, WholeRuns } from '../../src/testing/whole-run.ts';

let runs: WholeRuns;
let first: WholeRun;
let warnings: string[];
beforeAll(async () => {
  runs = new WholeRuns();
  warnings = [];
  first = await runs.run(await shipped('sales', 7));
});
afterAll(() => runs.close());

type Bytes = { readonly events: readonly string[]; readonly audio: string; readonly metrics: string };

/** All that a run leaves, made so that a difference is shown by the first event that differs. */
function bytesOf({ files }: Pick<WholeRun, 'files'>): Bytes {
  const { events, audio, metrics } = files;
  return { events: events.split('\n'), audio: createHash('sha256').update(audio).digest('hex'), metrics };
}

/** Runs a case with nothing in memory, on a cache of its own. */
async function runOn(cacheFolder: string, of: Case): Promise<WholeRun> {
  const machinery = openMachinery({ wall: systemWallClock, cacheFolder, onWarning: (text) => warnings.push(text) });
  try {
    return await runs.run(of, { machinery });
  } finally {
    await machinery.close();
  }
}

describe('sales.yaml with seed 7 gives the same bytes', () => {
  test('once more', async () => {
    expect(first.events.length).toBeGreaterThan(500);
    expect(bytesOf(await runs.run(await shipped('sales', 7)))).toEqual(bytesOf(first));
  });

  test('from two processes that fill one cache at the same time, and the same as in this process', async () => {
    const cacheFolder = join(runs.folder, 'shared');
    const cwd = join(runs.folder, 'two');
    mkdirSync(cwd);
    const outs = ['one', 'other'];
    const words = (out: string): string[] => ['run', shippedFile('sales'), '--seed', '7', '--out', out, '--quiet', '--no-report'];
    const results = await Promise.all(outs.map((out) => bottalk(words(out), { cwd, cacheFolder })));
    for (const result of results) expect(result).toMatchObject({ status: 0, errors: '' });
    for (const out of outs) expect(bytesOf({ files: filesIn(join(cwd, out)) })).toEqual(bytesOf(first));
  });
});

test('interruptions.yaml gives the same bytes while everything else is busy', async () => {
  const interruptions = await shipped('interruptions', 7);
  const quiet = bytesOf(await runs.run(interruptions));
  const over = new SharedArrayBuffer(4);
  const spin = 'const { workerData } = require("node:worker_threads"); const over = new Int32Array(workerData); while (Atomics.load(over, 0) === 0);';
  const workers = Array.from({ length: Math.min(4, availableParallelism() + 1) }, () => new Worker(spin, { eval: true, workerData: over }));
  try {
    expect(bytesOf(await runs.run(interruptions))).toEqual(quiet);
  } finally {
    Atomics.store(new Int32Array(over), 0, 1);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
});

describe('quickstart.yaml gives the same bytes', () => {
  test('with a cold cache, with a warm one, and with one that was damaged', async () => {
    const quickstart = await shipped('quickstart', 7);
    const [warm, damaged] = [join(runs.folder, 'warm'), join(runs.folder, 'damaged')];
    const cold = bytesOf(await runOn(warm, quickstart));
    expect(bytesOf(await runs.run(quickstart))).toEqual(cold);
    expect(bytesOf(await runOn(warm, quickstart))).toEqual(cold);
    cpSync(warm, damaged, { recursive: true });
    expect(damage(damaged)).toBeGreaterThan(12);
    expect(bytesOf(await runOn(damaged, quickstart))).toEqual(cold);
    expect(bytesOf(await runOn(damaged, quickstart))).toEqual(cold);
    expect(warnings).toEqual([]);
  });

  test('with no cache at all, and with one that cannot be written', async () => {
    const quickstart = await shipped('quickstart', 7);
    const blocked = join(runs.folder, 'blocked');
    writeFileSync(blocked, 'a file where the cache should be');
    expect(bytesOf(await runOn(blocked, quickstart))).toEqual(bytesOf(await runs.run(quickstart)));
    expect(warnings.length).toBeGreaterThan(0);
    warnings.length = 0;
  });

  test('at twenty times real time as at full speed', async () => {
    const quickstart = await shipped('quickstart', 3);
    expect(bytesOf(await runs.run(quickstart, { pace: 20 }))).toEqual(bytesOf(await runs.run(quickstart)));
  });

  test('only from the same seed', async () => {
    const logs = await Promise.all([1, 2, 3].map(async (seed) => (await runs.run(await shipped('quickstart', seed))).files.events));
    const withoutHead = logs.map((log) => log.slice(log.indexOf('\n')));
    expect(new Set(withoutHead).size).toBe(3);
  });

  test('from runs that share a process and a moment', async () => {
    const alone = await runs.run(await shipped('quickstart', 5));
    const together = await Promise.all([5, 6, 5].map(async (seed) => runs.run(await shipped('quickstart', seed))));
    expect(bytesOf(together[0] as WholeRun)).toEqual(bytesOf(alone));
    expect(bytesOf(together[2] as WholeRun)).toEqual(bytesOf(alone));
  });
});

/** Harms every entry in one of several ways and puts strange files beside them; returns how many it harmed. */
function damage(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const [n, { parentPath, name }] of files.entries()) {
    const path = join(parentPath, name);
    const bytes = readFileSync(path);
    const kinds = [
      () => writeFileSync(path, bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 0x40 : byte))),
      () => writeFileSync(path, bytes.map((byte, i) => (i === 9 ? byte ^ 1 : byte))),
      () => truncateSync(path, bytes.length >> 1),
      () => truncateSync(path, 0),
      () => writeFileSync(path, Buffer.concat([bytes, Buffer.from([0])])),
      () => writeFileSync(path, Buffer.alloc(bytes.length)),
    ];
    kinds[n % kinds.length]?.();
    writeFileSync(join(parentPath, `${n}.strange`), 'nothing of ours');
  }
  return files.length;
}

function filesIn(folder: string): WholeRun['files'] {
  return {
    events: readFileSync(join(folder, 'events.jsonl'), 'utf8'),
    audio: readFileSync(join(folder, 'audio.wav')),
    metrics: readFileSync(join(folder, 'metrics.json'), 'utf8'),
  };
}
