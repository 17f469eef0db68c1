/** What the screen of a test run knows: how far it is, what runs now, what each scenario came to, what went wrong first. */
import type { CaseResult } from '../metrics/case-result.ts';
import { totalsOf } from '../metrics/suite-result.ts';
import type { Verdict } from '../metrics/verdict.ts';

export type PlannedRow = { readonly id: string; readonly file: string };

export type ScenarioRow = {
  readonly file: string;
  readonly planned: number;
  readonly done: number;
  readonly running: number;
  readonly totals: Readonly<Record<Verdict, number>>;
};

export type SuiteView = {
  readonly planned: number;
  readonly done: number;
  readonly totals: Readonly<Record<Verdict, number>>;
  readonly running: readonly string[];
  /** In the order of the plan. */
  readonly scenarios: readonly ScenarioRow[];
  readonly slowest: CaseResult | null;
  /** The first case in the order of ending that did not pass. */
  readonly firstBad: CaseResult | null;
  readonly callSecs: number;
  readonly elapsedMs: number;
  /** Null until anything is done to judge by. */
  readonly leftMs: number | null;
  readonly stopping: boolean;
};

export class SuiteState {
  readonly #plan: readonly PlannedRow[];
  readonly #running = new Map<string, PlannedRow>();
  readonly #results: CaseResult[] = [];
  #stopping = false;

  constructor(plan: readonly PlannedRow[]) {
    this.#plan = plan;
  }

  started(id: string): void {
    const row = this.#plan.find((planned) => planned.id === id);
    if (row) this.#running.set(id, row);
  }

  ended(result: CaseResult): void {
    this.#running.delete(result.id);
    this.#results.push(result);
  }

  stopping(): void {
    this.#stopping = true;
  }

  viewAt(elapsedMs: number): SuiteView {
    const results = this.#results;
    const planned = this.#plan.length;
    const done = results.length;
    return {
      planned,
      done,
      totals: totalsOf(results),
      running: [...this.#running.keys()],
      scenarios: this.#scenarios(),
      slowest: results.toSorted((a, b) => b.wall_secs - a.wall_secs)[0] ?? null,
      firstBad: results.find(({ verdict }) => verdict !== 'passed' && verdict !== 'ran') ?? null,
      callSecs: results.reduce((sum, { call_secs }) => sum + call_secs, 0),
      elapsedMs,
      stopping: this.#stopping,
      leftMs: done === 0 ? null : (elapsedMs / done) * (planned - done),
    };
  }

  #scenarios(): ScenarioRow[] {
    const results = Map.groupBy(this.#results, ({ file }) => file);
    const running = Map.groupBy(this.#running.values(), ({ file }) => file);
    return [...Map.groupBy(this.#plan, ({ file }) => file)].map(([file, cases]) => {
      const own = results.get(file) ?? [];
      return { file, planned: cases.length, done: own.length, running: running.get(file)?.length ?? 0, totals: totalsOf(own) };
    });
  }
}
