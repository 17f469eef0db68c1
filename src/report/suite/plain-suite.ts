/** A test run in plain lines: one for each case as it ends, its reasons below, and a tally at the end. */
import { columnsOf } from '../../base/display-text.ts';
import { counted } from '../../base/figure-text.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';
import type { Verdict } from '../../metrics/verdict.ts';
import { callTime } from '../figures.ts';
import { type Paint, painter, type Style } from '../paint.ts';
import { wrap } from '../text-columns.ts';
import { costOf, reasonsOf, remarksOf, whereOf } from './case-lines.ts';
import type { SuiteSink } from './suite-sink.ts';

export type PlainSuiteOptions = {
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** How wide the terminal is that breaks longer lines anywhere; elsewhere a reason is one line, to be searched for. */
  readonly columns?: number | undefined;
};

export function plainSuite({ write, colour, columns }: PlainSuiteOptions): SuiteSink {
  const paint = painter(colour);
  return {
    caseEnded(result, { done, of }) {
      const { id, verdict, call_secs, wall_secs } = result;
      const count = `${String(done).padStart(String(of).length)}/${of}`;
      const took = `${callTime(call_secs * 1000)} in ${wall_secs.toFixed(1)} s`;
      const indent = ' '.repeat(count.length + 2);
      const fits = columns === undefined || columnsOf(`${indent}${LABELS[verdict]}  ${id}  ${took}`) <= columns;
      write(`${paint('dim', count)}  ${paint(STYLES[verdict], LABELS[verdict])}  ${id}${fits ? '  ' : `\n${indent}`}${paint('dim', took)}\n`);
      const told = (text: string, style: (line: string) => string = (line) => line): void => {
        for (const line of columns === undefined ? [text] : wrap(text, Math.max(columns - indent.length, LEAST_COLUMNS))) write(`${indent}${style(line)}\n`);
      };
      for (const reason of reasonsOf(result)) told(`${whereOf(result, reason)}: ${reason.text}`);
      for (const remark of remarksOf(result)) told(`${whereOf(result, remark)}: ${remark.text}`, (line) => paint('dim', line));
      if (result.folder !== null && reasonsOf(result).length > 0) write(`${indent}${paint('dim', `see ${result.folder}`)}\n`);
    },
    suiteEnded(result) {
      write(`\n${tallyText(result, paint)}\n`);
    },
  };
}

/** Narrower lines than that are harder to read than broken ones. */
const LEAST_COLUMNS = 20;

const LABELS: Readonly<Record<Verdict, string>> = {
  passed: 'passed   ',
  failed: 'failed   ',
  ran: 'ran      ',
  invalid: 'invalid  ',
  errored: 'errored  ',
  cancelled: 'cancelled',
};
const STYLES: Readonly<Record<Verdict, Style>> = { passed: 'cyan', failed: 'red', ran: 'dim', invalid: 'yellow', errored: 'yellow', cancelled: 'dim' };

/** `12 passed, 1 failed: 13 cases, 9:14.2 of calls in 3.1 s`. */
export function tallyText({ totals, cases, wall_secs, stopped }: SuiteResult, paint: Paint = (_style, text) => text): string {
  const parts = (Object.keys(LABELS) as Verdict[]).filter((verdict) => totals[verdict] > 0).map((verdict) => paint(STYLES[verdict], `${totals[verdict]} ${verdict}`));
  const cost = costOf(cases);
  const callSecs = cases.reduce((sum, { call_secs }) => sum + call_secs, 0);
  return `${parts.join(', ') || 'nothing ran'}${stopped ? ', stopped early' : ''}: ${counted(cases.length, 'case')}, ${callTime(callSecs * 1000)} of calls in ${wall_secs.toFixed(1)} s${cost === '' ? '' : `, ${cost}`}`;
}
