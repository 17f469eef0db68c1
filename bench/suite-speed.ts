/** How long `bottalk test` takes for many calls and what memory it needs, as a user runs it: the built command. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SuiteResult } from '../src/metrics/suite-result.ts';
import { dialogueSource } from './dialogue.ts';
import { type WatchedProcess, watchedProcess } from './process-memory.ts';
import { CALL_FILE, WORKERS } from './suite-runs.ts';

const CLI = fileURLToPath(new URL('../dist/bin/bottalk.js', import.meta.url));

export type SpeedSize = { readonly cases: number; readonly many: number };

/** Lines of times and memory. */
export async function suiteSpeed({ cases, many }: SpeedSize): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-bench-suite-'));
  try {
    const seeds = ['--seeds', `1-${cases}`];
    const cold = await timed([CALL_FILE, ...seeds], { folder, name: 'cold' });
    const warm = await timed([CALL_FILE, ...seeds], { folder, name: 'warm' });
    if (cold.outcome !== warm.outcome) throw new Error('the caches changed a result');
    const strangers = await timed([newDialogues(folder, cases)], { folder, name: 'new' });
    const marks = [0.1, 0.5, 1].map((share) => Math.round(many * share));
    const at = new Map<number, number>();
    const long = await timed([CALL_FILE, '--seeds', `1-${many}`], {
      folder,
      name: 'many',
      onOutput(output, memoryMb) {
        for (const mark of marks) if (!at.has(mark) && output.includes(`${mark}/${many}  `)) at.set(mark, memoryMb);
      },
    });
    return [
      line(`${cases} calls of ${cold.callSecs.toFixed(0)} s, varied by seed, nothing cached`, cold, 'aim 120 s'),
      line(`the same ${cases} again, caches warm`, warm, 'aim 30 s'),
      line(`${cases} calls of ${strangers.callSecs.toFixed(0)} s that nobody ever said, nothing cached`, strangers, ''),
      line(`${many} calls varied by seed, nothing cached`, long, ''),
      `memory after ${marks.map((mark) => `${mark}: ${(at.get(mark) ?? Number.NaN).toFixed(0)} MB`).join(', after ')}`,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Timed = WatchedProcess & { readonly cases: number; readonly callSecs: number; readonly outcome: string };
type Where = { readonly folder: string; readonly name: string; readonly onOutput?: (output: string, memoryMb: number) => void };

async function timed(words: readonly string[], { folder, name, onOutput }: Where): Promise<Timed> {
  const out = join(folder, name);
  // Only those that come warm are helped by what was said before.
  const env = { BOTTALK_CACHE_DIR: join(folder, `cache of ${name === 'warm' ? 'cold' : name}`), CI: '1', NO_COLOR: '1' };
  const watched = await watchedProcess([CLI, 'test', ...words, '--workers', String(WORKERS), '--keep', 'none', '--reporter', 'plain', '--out', out], { env, cwd: folder, ...(onOutput && { onOutput }) });
  const { cases } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as SuiteResult;
  const callSecs = cases.reduce((sum, { call_secs }) => sum + call_secs, 0) / cases.length;
  return { ...watched, cases: cases.length, callSecs, outcome: JSON.stringify(cases.map(({ wall_secs: _wall, ...rest }) => rest)) };
}

function newDialogues(folder: string, count: number): string {
  const scenarios = join(folder, 'dialogues');
  mkdirSync(scenarios);
  for (let number = 0; number < count; number++) writeFileSync(join(scenarios, `${String(number).padStart(4, '0')}.yaml`), dialogueSource(number));
  return scenarios;
}

function line(what: string, { wallSecs, cases, peakMb }: Timed, aim: string): string {
  const rate = `${((60 * cases) / wallSecs).toFixed(0)} cases/min`;
  return `${what.padEnd(64)}${`${wallSecs.toFixed(1)} s`.padStart(9)}${rate.padStart(17)}${`${peakMb.toFixed(0)} MB`.padStart(9)}  ${aim}`.trimEnd();
}
