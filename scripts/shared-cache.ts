/**
 * One cache of speech and VAD tracks for all test files of a run: what one of them has had spoken need not be spoken
 * again. It goes when the run ends, so that no test ever believes what an older version has made.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called for each project; the first of them makes the folder, and whoever made it removes it. */
export default function setUp(): (() => void) | undefined {
  if (process.env['BOTTALK_TESTS_CACHE'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-tests-'));
  process.env['BOTTALK_TESTS_CACHE'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
