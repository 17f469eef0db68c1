/** A test run as one character for each case as it ends; what is not a dot is told at the end, with the tally. */
import type { Verdict } from '../../metrics/verdict.ts';
import { type PlainSuiteOptions, plainSuite } from './plain-suite.ts';
import type { SuiteSink } from './suite-sink.ts';

const PER_LINE = 80;

const MARKS: Readonly<Record<Verdict, string>> = { passed: '.', ran: '.', failed: 'F', invalid: 'I', errored: 'E', cancelled: 'C' };

export function dotSuite(options: PlainSuiteOptions): SuiteSink {
  const { write } = options;
  const { suiteEnded } = onlyBad(plainSuite(options));
  return {
    caseEnded: ({ verdict }, { done }) => write(`${MARKS[verdict]}${done % PER_LINE === 0 ? '\n' : ''}`),
    suiteEnded(result) {
      const { cases } = result;
      write(`${cases.length % PER_LINE === 0 ? '' : '\n'}${cases.every(({ verdict }) => MARKS[verdict] === '.') ? '' : '\n'}`);
      suiteEnded?.(result);
    },
  };
}

/** What was shown in another way while it lasted is told when it is over: the cases that want to be looked at, and the tally. */
export function onlyBad({ caseEnded, suiteEnded }: SuiteSink): SuiteSink {
  return {
    suiteEnded(result) {
      const { cases } = result;
      for (const [i, each] of cases.entries()) if (each.verdict !== 'passed' && each.verdict !== 'ran') caseEnded?.(each, { done: i + 1, of: cases.length });
      suiteEnded?.(result);
    },
  };
}
