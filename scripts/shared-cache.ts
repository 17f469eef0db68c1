/**
 * What all test files of a run share: speech and VAD tracks, so that a sentence is spoken once, and the scripts that Node
 * has compiled, so that the many processes of tests start sooner. Speech goes when the run ends, so that no test ever
 * believes what an older version has made. Scripts stay: Node takes one only for the same source, and a process writes
 * what it has compiled when it ends, which may be after the run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called for each project; the first of them makes the folder, and whoever made it removes it. */
export default function setUp(): (() => void) | undefined {
  if (process.env['BOTTALK_TESTS_CACHE'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-tests-'));
  process.env['BOTTALK_TESTS_CACHE'] = folder;
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../node_modules/.cache/bottalk/compiled');
  return () => rmSync(folder, { recursive: true, force: true });
}
