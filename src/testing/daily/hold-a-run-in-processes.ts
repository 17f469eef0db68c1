/**
 * A process that holds a call whose agents have a process each, says so when the first of them is heard, and goes on
 * until it is killed. Run by tests of what is left behind then; its arguments are a scenario, and secrets and the
 * tuning of Daily as JSON.
 */
import type { DailyTuning } from '../../compose/room-options.ts';
import type { Secrets } from '../../compose/secrets.ts';
import { caseOf, WholeRuns } from '../whole-run.ts';

const [scenario = '', rest = '{}'] = process.argv.slice(2);
const { secrets, daily } = JSON.parse(rest) as { readonly secrets: Secrets; readonly daily: DailyTuning };
const runs = new WholeRuns();
await runs.run(caseOf(scenario), {
  secrets,
  patience: { daily },
  processes: { cacheFolder: runs.cacheFolder, modelFolder: undefined, onWarning: console.error },
  onEvent: ({ type }) => (type === 'wire.speech_started' ? console.log('heard') : undefined),
});
