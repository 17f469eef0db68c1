/**
 * What all test files of a run share: speech and VAD tracks, so that a sentence is spoken once, and the scripts that Node
 * has compiled, so that the many processes of tests start sooner. It goes when the run ends, so that no test ever
 * believes what an older version has made.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called for each project; the first of them makes the folder, and whoever made it removes it. */
export default function setUp(): (() => void) | undefined {
  if (process.env['BOTTALK_TESTS_CACHE'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-tests-'));
  process.env['BOTTALK_TESTS_CACHE'] = join(folder, 'cache');
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled');
  // A process that is just ending may still write.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
