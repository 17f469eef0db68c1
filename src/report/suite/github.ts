/** A test run as a GitHub workflow reads it: a group per case, and an annotation at the line that was not met. */
import type { CaseResult } from '../../metrics/case-result.ts';
import { reasonsOf, remarksOf } from './case-lines.ts';
import type { SuiteSink } from './suite-sink.ts';

export function githubSuite(write: (text: string) => void): SuiteSink {
  return {
    caseEnded(result) {
      const { id, file, verdict } = result;
      write(`::group::${data(`${verdict} ${id}`)}\n`);
      for (const { text } of [...reasonsOf(result), ...remarksOf(result)]) write(`${text}\n`);
      write('::endgroup::\n');
      // Annotations inside a group are folded away with it.
      for (const { text, line } of reasonsOf(result)) write(annotation('error', { file, line: line ?? 1, title: titleOf(result) }, text));
      for (const { text, line } of remarksOf(result)) write(annotation('warning', { file, line: line ?? 1, title: titleOf(result) }, text));
    },
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
