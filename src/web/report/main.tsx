/** The page of a report, of a run or of a test run: what it shows stands in the file itself, and it asks nobody for anything. */
import { render } from 'preact';
import type { RunDocument } from '../../metrics/pages/run-document.ts';
import { Call } from './call.ts';
import { readDocument } from './embedded.ts';
import { listenToKeys } from './keys.ts';
import './report.css';
import { RunView } from './run-view.tsx';
import { SuiteView } from './suite/suite-view.tsx';

const told = readDocument();
const root = document.querySelector('#page') ?? document.body;
if (told.page === 'suite') render(<SuiteView told={told} />, root);
else showRun(told);

function showRun(run: RunDocument): void {
  const call = new Call(run);
  render(<RunView call={call} />, root);
  listenToKeys(call);
  const follow = (): void => call.goTo(location.hash);
  addEventListener('hashchange', follow);
  follow();
}
