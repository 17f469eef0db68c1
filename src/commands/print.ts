/** Where a command's own output goes: wherever its program writes, which in tests is not the terminal. */
import type { Command } from 'commander';

export function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(text);
}

/** Why what was printed did not arrive, as the user is told. */
export function outputRefused({ message }: Error): string {
  return `the output cannot be written: ${message}`;
}

export function printJson(command: Command, value: unknown): void {
  print(command, `${JSON.stringify(value, null, 2)}\n`);
}
