/** A test run as Markdown: a line on the whole, a table of the cases that want attention first, and their reasons. */
import { counted } from '../../base/figure-text.ts';
import type { CaseResult } from '../../metrics/case-result.ts';
import type { ComparedStory } from '../../metrics/pages/suite-document.ts';
import { repeatedScenarios } from '../../metrics/repeats.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';
import { VERDICTS, type Verdict } from '../../metrics/verdict.ts';
import { callTime } from '../figures.ts';
import { costOf, reasonsOf, remarksOf, whereOf } from './case-lines.ts';
import { comparedStory } from './comparison-lines.ts';
import { flakyLines, REPEATS_HEAD, repeatRows } from './repeats-lines.ts';
import type { ComparedWith } from './suite-sink.ts';

/** More rows than anybody reads; those left out are the ones that passed. */
const MOST_ROWS = 100;

export function suiteMarkdown({ cases, totals, wall_secs, stopped }: SuiteResult, compared?: ComparedWith): string {
  const cost = costOf(cases);
  const counts = VERDICTS.filter((verdict) => totals[verdict] > 0).map((verdict) => `${totals[verdict]} ${verdict}`);
  const rows = cases.toSorted((a, b) => weight(a.verdict) - weight(b.verdict));
  const shown = rows.slice(0, MOST_ROWS);
  const reasons = cases.flatMap((result) =>
    [...reasonsOf(result), ...remarksOf(result)].map((reason) => `- \`${whereOf(result, reason)}\` ${inline(`${whichOf(result)}: ${reason.text}`)}`),
  );
  return [
    `## bottalk: ${counts.join(', ') || 'nothing ran'}`,
    '',
    `${counted(cases.length, 'case')} in ${wall_secs.toFixed(1)} s${stopped ? ', stopped early' : ''}${cost === '' ? '' : `, ${cost}`}`,
    '',
    '| verdict | case | call | turns |',
    '|---|---|--:|--:|',
    ...shown.map(({ verdict, id, call_secs, turns }) => `| ${verdict} | ${inline(id)} | ${callTime(call_secs * 1000)} | ${turns} |`),
    ...(rows.length > shown.length ? ['', `and ${rows.length - shown.length} more`] : []),
    ...(reasons.length > 0 ? ['', ...reasons] : []),
    ...repeatLines(cases),
    ...(compared === undefined ? [] : comparisonLines(comparedStory(compared.comparison, compared.name))),
    '',
  ].join('\n');
}

/** Nothing where nothing was run more than once. */
function repeatLines(cases: readonly CaseResult[]): string[] {
  const repeated = repeatedScenarios(cases);
  if (repeated.length === 0) return [];
  const rows = [REPEATS_HEAD, ...repeatRows(repeated)].map((cells) => `| ${cells.map(inline).join(' | ')} |`);
  const flaky = flakyLines(repeated).map((line) => `- ${inline(line)}`);
  return ['', ...rows.toSpliced(1, 0, '|---|--:|--:|--:|--:|---|'), ...(flaky.length > 0 ? ['', ...flaky] : [])];
}

/** Which of its file's cases it is; the file stands before it. */
function whichOf({ id, file }: CaseResult): string {
  return id.startsWith(`${file} `) ? id.slice(file.length + 1) : id;
}

/** What did not change is counted, not listed. */
function comparisonLines({ name, pairs, notes, turned, changes }: ComparedStory): string[] {
  const shown = changes.filter(({ judgement }) => judgement !== 'same');
  return [
    '',
    `### compared with ${inline(name)}: ${pairs}`,
    '',
    ...turned.map(({ id, before, after }) => `- ${inline(id)}: was ${before}, is ${after}`),
    ...notes.map((note) => `- ${inline(note)}`),
    ...(shown.length === 0 ? [] : ['', '| figure | before | after | difference | 95 % interval | p | |', '|---|--:|--:|--:|--:|--:|---|']),
    ...shown.map(({ figure, before, after, difference, interval, p, judgement }) => `| ${[figure, before, after, difference, interval, p, judgement].map(inline).join(' | ')} |`),
    ...(shown.some(({ where }) => where !== '') ? [''] : []),
    ...shown.flatMap(({ where }) => (where === '' ? [] : [`- ${inline(where)}`])),
  ];
}

function weight(verdict: CaseResult['verdict']): number {
  const order: readonly Verdict[] = ['failed', 'errored', 'invalid', 'cancelled', 'ran', 'passed'];
  return order.indexOf(verdict);
}

function inline(text: string): string {
  return text.replace(/[\\|<>*_[\]`&~]/g, '\\$&');
}
