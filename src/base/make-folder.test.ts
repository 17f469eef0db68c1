import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'bottalk-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('makes a folder with all that are missing above it, and leaves one that is there', () => {
  const path = join(root, 'a/b/c');
  makeFolder(path);
  makeFolder(path);
  makeFolder(join(path, '..'));
  expect(statSync(path).isDirectory()).toBe(true);
});

it('says so when a file is in the way, of the folder or of one above it', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(root, 'file/below/that'))).toThrow('ENOTDIR');
});

it('gives up where nothing can be made', () => {
  expect(() => makeFolder('')).toThrow('ENOENT');
});

it.runIf(existsSync('/proc/self'))('gives up where the system pretends that the parent is missing', () => {
  expect(() => makeFolder('/proc/nope')).toThrow(/ENOENT|EACCES|EPERM/);
  expect(() => makeFolder('/proc/nope/below')).toThrow(/ENOENT|EACCES|EPERM/);
});

it('makes folders side by side whose parent is missing to both at once', async () => {
  const ready = new Int32Array(new SharedArrayBuffer(4));
  const module = new URL('./make-folder.ts', import.meta.url).href;
  const errors = await Promise.all(['left', 'right'].map((name) => madeInStep({ name, module, ready, root: join(root, 'shared'), rounds: 300 })));
  expect(errors).toEqual([[], []]);
});

type Step = { readonly name: string; readonly module: string; readonly ready: Int32Array; readonly root: string; readonly rounds: number };

/** A thread that makes root/<round>/<name> for each round as soon as the other thread has come to that round, too. */
async function madeInStep(step: Step): Promise<string[]> {
  const source = `
    const { parentPort, workerData: { name, module, ready, root, rounds } } = require('node:worker_threads');
    const { join } = require('node:path');
    import(module).then(({ makeFolder }) => {
      const errors = [];
      for (let round = 0; round < rounds; round++) {
        Atomics.add(ready, 0, 1);
        while (Atomics.load(ready, 0) < 2 * (round + 1));
        try {
          makeFolder(join(root, String(round), name));
        } catch (error) {
          errors.push(error.message);
        }
      }
      parentPort.postMessage(errors);
    });`;
  const worker = new Worker(source, { eval: true, workerData: step });
  const errors = await new Promise<string[]>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  return errors;
}
