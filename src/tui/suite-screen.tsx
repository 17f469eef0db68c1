/**
 * A test run on a terminal: one block of lines that is drawn over itself while cases run, and is taken away at the
 * end to leave room for the report. Reads no keys. Draws by the wall clock, never by events.
 */
import type { WriteStream } from 'node:tty';
import { render } from 'ink';
import type { WallClock } from '../clock/wall-clock.ts';
import type { CaseResult } from '../metrics/case-result.ts';
import { FramePacer } from './frame-pacer.ts';
import { lookFor } from './look.ts';
import { Rows } from './rows.tsx';
import { suiteLines } from './suite-lines.ts';
import { type PlannedRow, SuiteState } from './suite-view.ts';

export type SuiteScreenOptions = {
  readonly stdout: WriteStream;
  readonly wall: WallClock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly plan: readonly PlannedRow[];
};

export interface SuiteScreen {
  caseStarted(id: string): void;
  caseEnded(result: CaseResult): void;
  /** Takes the block away. Safe to call twice. */
  close(): void;
}

export function openSuiteScreen({ stdout, wall, env, plan }: SuiteScreenOptions): SuiteScreen {
  const state = new SuiteState(plan);
  const look = lookFor(env);
  const startedMs = wall.nowMs();
  const block = () => {
    const columns = Math.max(20, stdout.columns || 80);
    const lines = suiteLines(state.viewAt(wall.nowMs() - startedMs), { columns, rows: Math.max(4, (stdout.rows || 24) - 2), look });
    return <Rows lines={lines} columns={columns} height={lines.length} look={look} />;
  };
  const ink = render(block(), { stdout, exitOnCtrlC: false, patchConsole: false, maxFps: 1000 });
  const pacer = new FramePacer({ wall, draw: () => ink.rerender(block()) });
  const stopTicking = wall.every(1000, () => pacer.request());
  return {
    caseStarted(id) {
      state.started(id);
      pacer.request();
    },
    caseEnded(result) {
      state.ended(result);
      pacer.request();
    },
    close() {
      stopTicking();
      pacer.stop();
      ink.clear();
      ink.unmount();
    },
  };
}
