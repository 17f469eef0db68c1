import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { runProgram } from './run-program.ts';

const surroundings = { wall, env: process.env, folder: tmpdir(), timeoutMs: 60_000 };

test('a program tells its lines and its exit code', async () => {
  const lines: string[] = [];
  const end = await runProgram('/bin/sh', ['-c', 'echo one; echo two; exit 3'], { ...surroundings, signal: new AbortController().signal, onLine: (line) => lines.push(line) });
  expect(end).toEqual({ kind: 'ended', code: 3, lastLines: ['one', 'two'] });
  expect(lines).toEqual(['one', 'two']);
});

test.each([
  ['does not heed that it is to end', `trap '' TERM; echo ready; while :; do sleep 0.05; done`],
  ['leaves somebody behind who holds on to its streams', 'sleep 2 & echo ready; wait'],
])('a program that %s is not waited for', async (_, script) => {
  const abort = new AbortController();
  const onLine = (): void => abort.abort(new Error('nobody wants it any more'));
  const running = runProgram('/bin/sh', ['-c', script], { ...surroundings, signal: abort.signal, onLine, graceMs: 20 });
  await expect(running).rejects.toThrow('nobody wants it any more');
});
