/** Cases whose process ends, or does not end. */
import { execFileSync } from 'node:child_process';
import { systemWallClock as wall } from '../../../src/clock/wall-clock.ts';
import { runSuite } from '../../../src/compose/run-suite.ts';
import { caseOf } from '../../../src/testing/whole-run.ts';
import { type BrokenRun, CALL, type Outcome, type Stage } from './stage.ts';

/** Runs one case in a process of its own, to which this happens as soon as it is there. */
async function inProcess(stage: Stage, strike: (pids: readonly number[]) => void): Promise<Outcome> {
  const settings = { cacheFolder: `${stage.root}/cache`, modelFolder: stage.root, version: 'test', keep: 'none' as const, timeoutMs: 20_000, secrets: {} };
  const before = children();
  let watch = (): void => undefined;
  const onStarted = (): void => {
    watch = wall.every(5, () => {
      const pids = children().filter((pid) => !before.includes(pid));
      if (pids.length > 0) watch();
      if (pids.length > 0) strike(pids);
    });
  };
  const { cases } = await runSuite([{ id: 'broken.yaml @1', of: caseOf(CALL) }], { wall, workers: 1, settings, folder: stage.newFolder(), onStarted });
  watch();
  return cases[0] as Outcome;
}

/** The processes that this one has begun, but for the one that looks. */
function children(): readonly number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((row) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
    return Number(parent) === process.pid && args.includes('test-worker') ? [Number(pid)] : [];
  });
}

export const PROCESSES: readonly BrokenRun[] = [
  { name: 'a case whose process is killed', comesTo: /^its process ended \(SIGKILL\)$/, run: (stage) => inProcess(stage, (pids) => pids.forEach((pid) => process.kill(pid, 'SIGKILL'))) },
];
