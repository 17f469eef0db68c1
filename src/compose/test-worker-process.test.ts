import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { isAlive, until } from '../testing/until.ts';
import { caseOf } from '../testing/whole-run.ts';
import { TestWorker } from './test-worker-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-worker-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Its cases come to the number of the process that ran them. */
const entry = join(folder, 'worker.mjs');
writeFileSync(entry, `process.on('disconnect', () => process.exit());\nprocess.on('message', ({ kind }) => kind === 'run' && process.send({ kind: 'done', result: process.pid }));\n`);
const of = caseOf('title: A call\nagents:\n  - { name: Ann, prompt: Greet., script: { lines: [Hello.] } }\n  - { name: Ben, prompt: Greet., script: { lines: [Hello.] } }\n');
const settings = { cacheFolder: folder, modelFolder: folder, version: 'test', keep: 'none', timeoutMs: 60_000, secrets: {} } as const;

test('a process runs so many cases, then it ends and another one goes on', async () => {
  const worker = new TestWorker({ wall, settings, mostCases: 3, workerKind: { entry: pathToFileURL(entry), graceMs: 1000 } });
  const pids: unknown[] = [];
  for (let n = 0; n < 7; n++) pids.push((await worker.run({ planned: { id: `call.yaml @${n}`, of }, folder: join(folder, `${n}`) })).result);
  worker.close();
  expect(pids.map((pid) => pids.indexOf(pid))).toEqual([0, 0, 0, 3, 3, 3, 6]);
  await until(() => !pids.some((pid) => isAlive(Number(pid))));
});
