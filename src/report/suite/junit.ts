/** A test run as JUnit XML, in the dialect that CI servers read: failures are failures, what broke is an error. */
import type { CaseResult } from '../../metrics/case-result.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';
import { reasonsOf, whereOf } from './case-lines.ts';

export function junitXml({ cases, wall_secs, started_at }: SuiteResult): string {
  const files = [...Map.groupBy(cases, ({ file }) => file)];
  const suites = files.map(([file, of]) => suiteXml(file, of, started_at));
  const attributes = attributesOf({ name: 'bottalk', ...countsOf(cases), time: wall_secs.toFixed(3) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes}>\n${suites.join('')}</testsuites>\n`;
}

function suiteXml(file: string, cases: readonly CaseResult[], startedAt: string): string {
  const time = cases.reduce((sum, { wall_secs }) => sum + wall_secs, 0).toFixed(3);
  const attributes = attributesOf({ name: file, ...countsOf(cases), time, timestamp: startedAt.replace(/\.\d+Z$|Z$/, '') });
  return `  <testsuite${attributes}>\n${cases.map(caseXml).join('')}  </testsuite>\n`;
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
