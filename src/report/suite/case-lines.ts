/** What there is to say of one case: why it did not pass, in one line for each reason. */
import type { CaseResult } from '../../metrics/case-result.ts';
import type { CheckResult } from '../../metrics/checks/check.ts';
import { callTime } from '../figures.ts';
import { oneLine } from '../text-columns.ts';

export type Reason = { readonly text: string; readonly line: number | null };

/** Empty for a case that passed. */
export function reasonsOf({ verdict, checks, invalid, error }: CaseResult): readonly Reason[] {
  switch (verdict) {
    case 'failed':
      return checks.filter(({ severity, outcome }) => severity === 'must' && outcome !== 'held').map((check) => ({ text: checkLine(check), line: check.line }));
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

/** `expected talk_over <= 5 %, saw 7.2 % (turn 3, 0:12.4)`. */
export function checkLine({ expected, outcome, saw, place }: CheckResult): string {
  const turn = place?.turn === null || place?.turn === undefined ? undefined : `turn ${place.turn}`;
  const at = place?.atMs === null || place?.atMs === undefined ? undefined : callTime(place.atMs);
  // The turn is part of what was seen where words are quoted.
  const where = [saw.startsWith('turn ') ? undefined : turn, at].filter((part) => part !== undefined).join(', ');
  return `expected ${oneLine(expected)}: ${outcome === 'not_reached' ? 'not reached, ' : ''}${oneLine(saw)}${where === '' ? '' : ` (${where})`}`;
}

/** `file:line`, or the file alone. */
export function whereOf({ file }: Pick<CaseResult, 'file'>, { line }: Pick<Reason, 'line'>): string {
  return line === null ? file : `${file}:${line}`;
}

/** Everything a `should` has to say. */
export function remarksOf({ checks }: CaseResult): readonly Reason[] {
  const missed = checks.filter(({ severity, outcome }) => severity === 'should' && outcome !== 'held').map((check) => ({ text: `should: ${checkLine(check)}`, line: check.line }));
  const notes = checks.flatMap(({ note, line, expected }) => (note === null ? [] : [{ text: `${oneLine(expected)}: ${note}`, line }]));
  return [...missed, ...notes];
}
