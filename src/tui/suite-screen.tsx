/**
 * A test run on a terminal: a screen of its own that is drawn over while cases run, and given back at the end to leave
 * room for the report. Reads no keys. Draws by the wall clock, never by events.
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
  /** Somebody wants it to end, and what runs still does. */
  stopping(): void;
  /** Gives the terminal back. Safe to call twice. */
  close(): void;
}

export function openSuiteScreen({ stdout, wall, env, plan }: SuiteScreenOptions): SuiteScreen {
  const state = new SuiteState(plan);
  const look = lookFor(env);
  const startedMs = wall.nowMs();
  const screen = () => {
    const columns = Math.max(20, stdout.columns || 80);
    const rows = Math.max(4, stdout.rows || 24);
    const lines = suiteLines(state.viewAt(wall.nowMs() - startedMs), { columns, rows, look });
    return <Rows lines={lines} columns={columns} height={rows} look={look} />;
  };
  const pacer = new FramePacer({ wall, draw: () => ink.rerender(screen()) });
  const resized = (): void => pacer.now();
  // Ink redraws by itself on a new size; ours has to be there first, so that it draws the new frame and not the old.
  stdout.on('resize', resized);
  const ink = render(screen(), {
    stdout,
    interactive: true,
    alternateScreen: true,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: true,
    // The pacer decides when to draw; Ink would only hold a frame back a second time.
    maxFps: 1000,
  });
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
    stopping() {
      state.stopping();
      pacer.request();
    },
    close() {
      stopTicking();
      pacer.stop();
      stdout.off('resize', resized);
      ink.unmount();
    },
  };
}
