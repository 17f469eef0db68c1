/** transcript.txt: what was heard, by call time, one line an utterance; and who came and went besides the agents. */
import { columnsOf } from '../base/display-text.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import { callTime } from './figures.ts';
import { spokenLine } from './spoken.ts';
import { oneLine, padEnd, padStart } from './text-columns.ts';

export function transcriptText({ utterances, roster }: RunFold): string {
  const lines = [
    ...utterances.map((utterance) => ({ atMs: utterance.startMs, name: utterance.agent, text: spokenLine(utterance) })),
    ...roster.visits.flatMap(({ name, joinedMs, leftMs }) => [{ atMs: joinedMs, name, text: '[joined]' }, ...(leftMs === null ? [] : [{ atMs: leftMs, name, text: '[left]' }])]),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const rows = lines.map(({ atMs, name, text }) => ({ time: callTime(atMs), name: oneLine(name), text }));
  const times = Math.max(0, ...rows.map(({ time }) => time.length));
  const names = Math.max(0, ...rows.map(({ name }) => columnsOf(name)));
  return rows.map(({ time, name, text }) => `${padStart(time, times)}  ${padEnd(name, names)}  ${text}\n`).join('');
}
