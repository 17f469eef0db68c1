/** The examples of a help page, under the heading that every page has: for `addHelpText('after', ...)`. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
