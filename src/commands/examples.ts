/** The examples at the end of a command's help. */
import type { Command } from 'commander';

/** Adds the lines under the heading that every help page has. */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);
}
