/** What every whole run in a Daily room is tested with: a stand-in for Daily of its own, and machinery that a file's runs share. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { DailyRun } from '../../src/testing/daily/daily-run.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { WholeRuns } from '../../src/testing/whole-run.ts';

export type InDaily = { readonly runs: WholeRuns; readonly daily: FakeDaily; readonly run: DailyRun };

/** `use` is given all of it before each test; it is closed after that. */
export function inDaily(use: (opened: InDaily) => void): void {
  let runs: WholeRuns;
  let daily: FakeDaily;
  let run: DailyRun;
  beforeAll(() => void (runs = new WholeRuns()));
  afterAll(() => runs.close());
  beforeEach(async () => {
    daily = await FakeDaily.start();
    run = new DailyRun(daily);
    use({ runs, daily, run });
  });
  afterEach(async () => {
    await daily.close();
    run.close();
  });
}
