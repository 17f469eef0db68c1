/**
 * A test run as one HTML file: every case in a table, those that want attention first, with their reasons and the way
 * to what they left behind. It needs no script, no network and no other file, and everything it quotes stays text.
 */
import type { CaseResult } from '../../metrics/case-result.ts';
import { type RepeatedScenario, repeatedScenarios } from '../../metrics/repeats.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';
import type { Verdict } from '../../metrics/verdict.ts';
import { callTime, percent } from '../figures.ts';
import { costOf, reasonsOf, remarksOf, whereOf } from './case-lines.ts';
import { SUITE_STYLE } from './html-style.ts';

/** In the order in which a reader wants them. */
const ORDER: readonly Verdict[] = ['failed', 'errored', 'invalid', 'cancelled', 'ran', 'passed'];

/** `linkTo` gives the address of a folder as seen from the file. */
export function suiteHtml(result: SuiteResult, linkTo: (folder: string) => string): string {
  const { cases, totals } = result;
  const shown = ORDER.filter((verdict) => totals[verdict] > 0);
  const rows = ORDER.flatMap((verdict) => cases.filter((each) => each.verdict === verdict));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>bottalk: ${text(shown.map((verdict) => `${totals[verdict]} ${verdict}`).join(', ') || 'nothing ran')}</title>
<style>${SUITE_STYLE}</style>
</head>
<body>
<h1>bottalk test</h1>
<p class="facts">${facts(result)}</p>
${filters(shown, result)}
<table class="cases">
<thead><tr><th>Verdict</th><th>Case</th><th class="number">Call</th><th class="number">Turns</th><th class="number">Took</th><th>Kept</th></tr></thead>
${rows.map((each) => caseRows(each, linkTo)).join('')}</table>
${repeats(repeatedScenarios(cases))}</body>
</html>
`;
}

function facts({ cases, started_at: startedAt, wall_secs: wallSecs, bottalk, stopped }: SuiteResult): string {
  const callMs = cases.reduce((sum, { call_secs }) => sum + call_secs * 1000, 0);
  const cost = costOf(cases);
  const said = [
    `${cases.length} case${cases.length === 1 ? '' : 's'}${stopped ? ', stopped early' : ''}`,
    `${callTime(callMs)} of calls in ${wallSecs.toFixed(1)} s`,
    ...(cost === '' ? [] : [cost]),
    startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
    `bottalk ${bottalk}`,
  ];
  return said.map(text).join(' · ');
}

/** Radio buttons: which of them is chosen decides, by style alone, which rows are there. */
function filters(shown: readonly Verdict[], { cases, totals }: SuiteResult): string {
  const choices = [['all', cases.length] as const, ...shown.map((verdict) => [verdict, totals[verdict]] as const)];
  const inputs = choices.map(([name, count], i) => `<label class="${name}"><input type="radio" name="show" value="${name}"${i === 0 ? ' checked' : ''}> ${name} <b>${count}</b></label>`);
  return `<fieldset><legend>Show</legend>${inputs.join('\n')}</fieldset>`;
}

function caseRows(result: CaseResult, linkTo: (folder: string) => string): string {
  const { verdict, id, title, call_secs: callSecs, turns, wall_secs: wallSecs, attempts } = result;
  const reasons = reasonsOf(result).map((reason) => `<li><code>${text(whereOf(result, reason))}</code> ${text(reason.text)}</li>`);
  const remarks = remarksOf(result).map((remark) => `<li class="remark"><code>${text(whereOf(result, remark))}</code> ${text(remark.text)}</li>`);
  const told = [...reasons, ...remarks];
  const tries = attempts > 1 ? `<span class="title">the result of try ${attempts}</span>` : '';
  const cells = [
    `<td class="verdict">${verdict}</td>`,
    `<td class="case">${text(id)}<span class="title">${text(title)}</span>${tries}</td>`,
    ...[callTime(callSecs * 1000), turns, `${wallSecs.toFixed(1)} s`].map((figure) => `<td class="number">${figure}</td>`),
    `<td>${links(result, linkTo)}</td>`,
  ];
  const why = told.length === 0 ? '' : `<tr class="why"><td></td><td colspan="5"><ul>${told.join('')}</ul></td></tr>\n`;
  return `<tbody class="${verdict}">\n<tr>${cells.join('')}</tr>\n${why}</tbody>\n`;
}

/** Of a case that broke there may be no more than a folder. */
function links({ folder, call_secs: callSecs }: CaseResult, linkTo: (folder: string) => string): string {
  if (folder === null) return '';
  const address = linkTo(folder);
  const link = (name: string, file: string): string => `<a href="${text(`${address}/${file}`)}">${name}</a>`;
  return [link('folder', ''), ...(callSecs > 0 ? [link('transcript', 'transcript.txt'), link('audio', 'audio.wav')] : [])].join(' ');
}

function repeats(repeated: readonly RepeatedScenario[]): string {
  if (repeated.length === 0) return '';
  const rows = repeated.map(({ file, variant, passes, runs, broken, interval: [low, high], pass_at_3, pass_hat_3, flaky }) => {
    const name = [file, ...Object.entries(variant).map(([key, value]) => `${key}=${value}`)].join(' ');
    const cells = [`${passes}/${runs}${broken === 0 ? '' : ` (+${broken} broken)`}`, `${percent(low)} to ${percent(high)}`, percent(pass_at_3), percent(pass_hat_3), flaky ? 'flaky' : ''];
    return `<tr><td>${text(name)}</td>${cells.map((cell) => `<td class="number">${text(cell)}</td>`).join('')}</tr>\n`;
  });
  const head = ['Passed', '95 %', 'One of 3', 'All of 3', ''].map((name) => `<th class="number">${name}</th>`).join('');
  return `<h2>Repeats</h2>\n<table><thead><tr><th>Scenario</th>${head}</tr></thead>\n<tbody>${rows.join('')}</tbody></table>\n`;
}

/** Whatever was said or named, as text and never as markup; control characters are shown as unknown ones. */
function text(value: string): string {
  return value
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
