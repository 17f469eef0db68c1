/** How late timers of 20 ms are in another Node process, which is given a few lines of its own to say so. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { p95 } from './figures.ts';

const PERIOD_MS = 20;
const LINES_OF = 50;

/** Milliseconds; a frame that is later than 40 ms has to be made up for somewhere. */
export type Lateness = { readonly p95Ms: number; readonly worstMs: number; readonly over40Ms: number; readonly timers: number };

/** Loaded by the other process before anything else. Its timer keeps no process from ending. */
const PROBE = `
import { appendFileSync } from 'node:fs';
let lookedMs = performance.now();
let late = [];
setInterval(() => {
  const nowMs = performance.now();
  late.push(Math.round((nowMs - lookedMs - ${PERIOD_MS}) * 10) / 10);
  lookedMs = nowMs;
  if (late.length < ${LINES_OF}) return;
  appendFileSync(process.env.BENCH_LAG_FILE, JSON.stringify(late) + '\\n');
  late = [];
}, ${PERIOD_MS}).unref();
`;

export class LoopLag {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    appendFileSync(file, '');
  }

  /** What the other process has to be started with, besides its own options. */
  env(nodeOptions: string): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `${nodeOptions} --import=data:text/javascript,${encodeURIComponent(PROBE)}`, BENCH_LAG_FILE: this.#file };
  }

  /** Forgets what was so far. */
  reset(): void {
    writeFileSync(this.#file, '');
  }

  /** Since the last reset, but for the last second. */
  get lateness(): Lateness {
    const lateMs = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean).flatMap((line) => JSON.parse(line) as number[]);
    return { p95Ms: p95(lateMs), worstMs: Math.max(...lateMs), over40Ms: lateMs.filter((ms) => ms > 40).length, timers: lateMs.length };
  }
}
