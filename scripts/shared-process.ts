/**
 * Test files that share a process leave it as they found it: whoever leaves another folder, exit code, key or setting
 * behind is told so, before a file that comes later fails of it.
 */
import { afterAll, beforeAll } from 'vitest';

let found: ReadonlyMap<string, unknown>;
beforeAll(() => {
  found = stateOfProcess();
});
afterAll(() => {
  const left = stateOfProcess();
  const changed = [...new Set([...found.keys(), ...left.keys()])].filter((name) => found.get(name) !== left.get(name));
  if (changed.length > 0) throw new Error(`this file leaves its process changed: ${changed.join(', ')}`);
});

function stateOfProcess(): ReadonlyMap<string, unknown> {
  const ours = Object.entries(process.env).filter(([name]) => /^BOTTALK_|^PCC_|_KEY$|_URL$/.test(name));
  return new Map<string, unknown>([['the working folder', process.cwd()], ['the exit code', process.exitCode], ...ours]);
}
