/** transcript.txt: what was heard, by call time, one line an utterance. */
import { columnsOf } from '../base/display-text.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import { callTime } from './figures.ts';
import { spokenLine } from './spoken.ts';
import { oneLine, padEnd, padStart } from './text-columns.ts';

export function transcriptText({ utterances }: RunFold): string {
  const rows = utterances.map((utterance) => ({ time: callTime(utterance.startMs), name: oneLine(utterance.agent), text: spokenLine(utterance) }));
  const times = Math.max(0, ...rows.map(({ time }) => time.length));
  const names = Math.max(0, ...rows.map(({ name }) => columnsOf(name)));
  return rows.map(({ time, name, text }) => `${padStart(time, times)}  ${padEnd(name, names)}  ${text}\n`).join('');
}
