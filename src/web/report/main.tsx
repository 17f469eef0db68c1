/** The page of a report: what it shows stands in the file itself, and it asks nobody for anything. */
import { render } from 'preact';
import { Call } from './call.ts';
import { readDocument } from './embedded.ts';
import { listenToKeys } from './keys.ts';
import './report.css';
import { RunView } from './run-view.tsx';

const told = readDocument();
const root = document.querySelector('#page') ?? document.body;
const call = new Call(told);
render(<RunView call={call} />, root);
listenToKeys(call);
const follow = (): void => call.goTo(location.hash);
addEventListener('hashchange', follow);
follow();
