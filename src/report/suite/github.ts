/**
 * A test run as a GitHub workflow reads it: a line for each case, a group for one that has something to say, and an
 * annotation at the line of the file that was not met.
 */
import type { CaseResult } from '../../metrics/case-result.ts';
import { callTime } from '../figures.ts';
import { reasonsOf, remarksOf, whereOf } from './case-lines.ts';
import { tallyText } from './plain-suite.ts';
import type { SuiteSink } from './suite-sink.ts';

/** `pathOf` gives the path of a scenario file from the top of the repository, which is where annotations count from. */
export function githubSuite(write: (text: string) => void, pathOf: (file: string) => string = (file) => file): SuiteSink {
  return {
    caseEnded(result) {
      const { id, file, verdict, call_secs: callSecs, folder } = result;
      const [reasons, remarks] = [reasonsOf(result), remarksOf(result)];
      const told = [...reasons, ...remarks];
      const line = data(`${verdict} ${id} (${callTime(callSecs * 1000)})`);
      if (told.length === 0) return write(`${line}\n`);
      write(`::group::${line}\n`);
      // Each line begins with the file, so that what was said in a call is never a command to the workflow.
      for (const reason of told) write(`${whereOf(result, reason)}: ${reason.text}\n`);
      if (folder !== null) write(`see ${data(folder)}\n`);
      write('::endgroup::\n');
      // Annotations inside a group are folded away with it.
      for (const { text, line } of reasons) write(annotation('error', { file: pathOf(file), line: line ?? 1, title: titleOf(result) }, text));
      for (const { text, line } of remarks) write(annotation('warning', { file: pathOf(file), line: line ?? 1, title: titleOf(result) }, text));
    },
    suiteEnded: (result) => write(`${tallyText(result)}\n`),
  };
}

function titleOf({ id, verdict }: CaseResult): string {
  return `bottalk: ${id} ${verdict}`;
}

function annotation(level: 'error' | 'warning', properties: Readonly<Record<string, string | number>>, message: string): string {
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${written.join(',')}::${data(message)}\n`;
}

/** What would end a command, or begin another, is escaped as GitHub's own toolkit does. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
