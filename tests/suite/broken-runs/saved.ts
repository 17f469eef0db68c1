/** Saved runs of which something is missing, read again as `bottalk report` reads them. */
import type { BottalkEvent } from '../../../src/events/event.ts';
import { parseEventLog, toJsonLine } from '../../../src/events/jsonl.ts';
import { UsageError } from '../../../src/base/errors.ts';
import { doubted, recordingFaults, type RecordedTracks } from '../../../src/metrics/recording-check.ts';
import { foldAll } from '../../../src/metrics/run-fold.ts';
import { metricsOf } from '../../../src/metrics/run-metrics.ts';
import { caseOf, type WholeRun, WholeRuns } from '../../../src/testing/whole-run.ts';
import { type BrokenRun, CALL, type Outcome } from './stage.ts';

let sound: Promise<WholeRun> | undefined;

/** A run with nothing wrong with it, made once. */
function soundRun(): Promise<WholeRun> {
  return (sound ??= (async () => {
    const runs = new WholeRuns();
    const run = await runs.run(caseOf(CALL));
    await runs.close();
    const { verdict } = metricsOf(foldAll(run.events));
    if (verdict !== 'passed') throw new Error(`what was to be broken is ${verdict}`);
    return run;
  })());
}

/** What the text of a log comes to; one that cannot be read is an error that says so. */
function readAgain(text: string, tracks?: RecordedTracks | 'none'): Outcome {
  try {
    const fold = foldAll(parseEventLog(text, 'events.jsonl'));
    const metrics = metricsOf(fold);
    return { ...(tracks === undefined ? metrics : doubted(metrics, recordingFaults(fold, tracks === 'none' ? undefined : tracks))), error: metrics.ended_reason };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { verdict: 'errored', invalid: [], checks: [], error: error.message };
  }
}

const text = (change: (log: string) => string) => async (): Promise<Outcome> => readAgain(change((await soundRun()).files.events));
const lines = (change: (lines: readonly string[]) => readonly string[]) => text((log) => change(log.trimEnd().split('\n')).map((line) => `${line}\n`).join(''));
const sent = (change: (tracks: RecordedTracks) => RecordedTracks | 'none') => async (): Promise<Outcome> => {
  const { files, tracks } = await soundRun();
  return readAgain(files.events, change(tracks));
};

/** The events without those, counted anew. */
const events = (keep: (event: BottalkEvent) => boolean) => async (): Promise<Outcome> =>
  readAgain((await soundRun()).events.filter(keep).map((event, seq) => toJsonLine({ ...event, seq })).join(''));

function isBens(event: BottalkEvent): boolean {
  if ('agent' in event && event.agent === 'Ben') return true;
  if ('name' in event && event.name === 'Ben') return true;
  return 'participant' in event && String(event.participant).startsWith('ben');
}

export const SAVED: readonly BrokenRun[] = [
  { name: 'a log without its last line', comesTo: 'incomplete', run: lines((all) => all.slice(0, -1)) },
  { name: 'a log that stops in mid-line', comesTo: 'incomplete', run: text((log) => log.slice(0, -20)) },
  { name: 'half a log', comesTo: 'incomplete', run: lines((all) => all.slice(0, all.length / 2)) },
  { name: 'a log that stops at the greeting', comesTo: 'incomplete', run: lines((all) => all.slice(0, all.findIndex((line) => line.includes('utterance.started')))) },
  { name: 'a log of one line', comesTo: 'incomplete', run: lines((all) => all.slice(0, 1)) },
  { name: 'a log without its first line', comesTo: /no run\.started event at the beginning/, run: lines((all) => all.slice(1)) },
  { name: 'a log with a hole', comesTo: /lines are missing or out of order/, run: lines((all) => all.toSpliced(all.length / 2, 3)) },
  { name: 'a log in two orders', comesTo: /lines are missing or out of order/, run: lines((all) => [...all.slice(0, 40), ...all.slice(40, 44).toReversed(), ...all.slice(44)]) },
  { name: 'a log with a line that is none', comesTo: /not an event/, run: lines((all) => all.with(30, '{"seq":30')) },
  { name: 'a log of another schema', comesTo: /written in event schema 99/, run: text((log) => log.replace('"schema":1', '"schema":99')) },
  { name: 'an empty log', comesTo: /not an event/, run: text(() => '') },
  { name: 'two logs in one file', comesTo: /event 0 where event/, run: text((log) => log + log) },
  { name: 'only one agent joined', comesTo: 'no_speech', run: events((event) => !isBens(event)) },
  { name: 'an agent that left before it spoke', comesTo: 'no_speech', run: events((event) => !isBens(event) || event.type.startsWith('participant.')) },
  { name: 'what an agent said was never on the wire', comesTo: 'no_speech', run: events((event) => !(event.type.startsWith('wire.') && isBens(event))) },
  { name: 'nobody was told what was said', comesTo: 'unheard', run: events((event) => event.type !== 'transcript.published') },
  { name: 'a call that was broken off by an error', comesTo: /the browser has crashed/, run: text((log) => log.replace(/"endedBy":"end_conversation"/g, '"endedBy":"error","reason":"the browser has crashed"')) },
  { name: 'a run whose recording is gone', comesTo: 'recording_incomplete', run: sent(() => 'none') },
  { name: 'a recording that stops in mid-call', comesTo: 'recording_incomplete', run: sent(([first, other]) => [first.subarray(0, 48_000), other.subarray(0, 48_000)]) },
  { name: 'a recording with one silent side', comesTo: 'recording_incomplete', run: sent(([first, other]) => [first, new Int16Array(other.length)]) },
  { name: 'a recording of nothing', comesTo: 'recording_incomplete', run: sent(() => [new Int16Array(0), new Int16Array(0)]) },
];
