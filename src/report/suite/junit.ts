/**
 * A test run as JUnit XML: failures are failures, what broke is an error. Every element and attribute that the stricter
 * of the common schemas asks for is there (Ant's, as Windy Road wrote it down), and none that any of them refuses.
 */
import type { CaseResult } from '../../metrics/case-result.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';
import { reasonsOf, remarksOf, whereOf } from './case-lines.ts';

export function junitXml({ cases, bottalk, started_at: startedAt }: SuiteResult): string {
  const files = [...Map.groupBy(cases, ({ file }) => file)];
  const suites = files.map(([file, of], id) => suiteXml(of, { file, id, bottalk, startedAt }));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

type Suite = { readonly file: string; readonly id: number; readonly bottalk: string; readonly startedAt: string };

function suiteXml(cases: readonly CaseResult[], { file, id, bottalk, startedAt }: Suite): string {
  const time = cases.reduce((sum, { wall_secs }) => sum + wall_secs, 0).toFixed(3);
  const attributes = attributesOf({
    name: file,
    package: 'bottalk',
    id: String(id),
    // Reports are for whoever reads the repository: nothing in them depends on the machine's name.
    hostname: 'localhost',
    timestamp: startedAt.replace(/\.\d+Z$|Z$/, ''),
    time,
    ...countsOf(cases),
  });
  const remarks = cases.flatMap((result) => remarksOf(result).map((remark) => `${result.id}: ${whereOf(result, remark)}: ${remark.text}\n`));
  return [
    `  <testsuite${attributes}>\n`,
    `    <properties>\n      <property${attributesOf({ name: 'bottalk', value: bottalk })}/>\n    </properties>\n`,
    ...cases.map(caseXml),
    `    <system-out>${escape(remarks.join(''))}</system-out>\n    <system-err/>\n  </testsuite>\n`,
  ].join('');
}

function caseXml(result: CaseResult): string {
  const { id, file, verdict, wall_secs } = result;
  const attributes = attributesOf({ name: id, classname: file.replace(/\.ya?ml$/, '').replaceAll('/', '.'), time: wall_secs.toFixed(3) });
  const outcome = outcomeXml(result);
  return verdict === 'passed' || verdict === 'ran' ? `    <testcase${attributes}/>\n` : `    <testcase${attributes}>\n${outcome}    </testcase>\n`;
}

function outcomeXml(result: CaseResult): string {
  const reasons = reasonsOf(result);
  const message = reasons[0]?.text ?? result.verdict;
  const text = reasons.map((reason) => `${whereOf(result, reason)}: ${reason.text}`).join('\n');
  if (result.verdict === 'cancelled') return `      <skipped${attributesOf({ message })}/>\n`;
  const element = result.verdict === 'failed' ? 'failure' : 'error';
  return `      <${element}${attributesOf({ message, type: result.verdict })}>${escape(text)}</${element}>\n`;
}

function countsOf(cases: readonly CaseResult[]): Readonly<Record<string, string>> {
  const count = (...verdicts: readonly string[]): string => String(cases.filter(({ verdict }) => verdicts.includes(verdict)).length);
  return { tests: String(cases.length), failures: count('failed'), errors: count('invalid', 'errored'), skipped: count('cancelled') };
}

function attributesOf(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).map(([name, value]) => ` ${name}="${escape(value)}"`).join('');
}

/** XML knows no control characters, escaped or not. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
