/** What there is to say of one case: why it did not pass, in one line for each reason. */
import type { CaseResult } from '../../metrics/case-result.ts';
import { findingText } from '../../metrics/checks/finding-text.ts';
import { dollars } from '../../base/dollars.ts';
import { oneLine } from '../text-columns.ts';

export type Reason = { readonly text: string; readonly line: number | null };

/** Empty for a case that passed. */
export function reasonsOf({ verdict, checks, invalid, error }: CaseResult): readonly Reason[] {
  switch (verdict) {
    case 'failed':
      return checks.filter(({ severity, outcome }) => severity === 'must' && outcome !== 'held').map((check) => ({ text: findingText(check), line: check.line }));
    case 'invalid':
      return invalid.map(({ code, text }) => ({ text: `${oneLine(text)} (${code})`, line: null }));
    case 'errored':
      return [{ text: oneLine(error ?? 'it could not be run'), line: null }];
    case 'cancelled':
      return [{ text: 'cancelled', line: null }];
    case 'passed':
    case 'ran':
      return [];
  }
}

/** `file:line`, or the file alone. */
export function whereOf({ file }: Pick<CaseResult, 'file'>, { line }: Pick<Reason, 'line'>): string {
  return line === null ? file : `${file}:${line}`;
}

/** Everything a `should` has to say, and what came of the case before it was run again. */
export function remarksOf({ verdict, checks, earlier }: CaseResult): readonly Reason[] {
  const spoilt = earlier.map(({ invalid }, i) => ({ text: `try ${i + 1} was invalid: ${invalid.map(({ text }) => oneLine(text)).join('; ')}`, line: null }));
  const missed = checks.filter(({ severity, outcome }) => severity === 'should' && outcome !== 'held').map((check) => ({ text: `should: ${findingText(check)}`, line: check.line }));
  const notes = checks.flatMap(({ note, line, expected }) => (note === null ? [] : [{ text: `${oneLine(expected)}: ${note}`, line }]));
  // Of a call that broke they say nothing.
  return [...spoilt, ...(verdict === 'cancelled' || verdict === 'errored' || verdict === 'invalid' ? [] : [...missed, ...notes])];
}

/** What all of it cost, empty where nothing costs anything; earlier tries were paid for as well. */
export function costOf(cases: readonly CaseResult[]): string {
  const paid = cases.flatMap((each) => [each, ...each.earlier]);
  const total = paid.reduce((sum, { cost_usd: usd }) => sum + (usd ?? 0), 0);
  // A case that came to nothing has no cost that is known either, and says nothing of what the others take.
  const measured = cases.flatMap((each) => [...(each.call_secs > 0 ? [each] : []), ...each.earlier]);
  const isUnknown = measured.some(({ cost_usd: usd }) => usd === null);
  if (total === 0) return isUnknown ? 'cost unknown' : '';
  return `${paid.some(({ cost_usd: usd, cost_at_least }) => usd === null || cost_at_least) ? 'at least ' : ''}${dollars(total)}`;
}
