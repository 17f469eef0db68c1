/** Where a command's own output goes: wherever its program writes, which in tests is not the terminal. */
import type { Command } from 'commander';

export function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(text);
}

/** Whether what goes to the terminal may be coloured: it is one, and NO_COLOR is not set. */
export function wantsColour(): boolean {
  return process.stdout.isTTY && !process.env['NO_COLOR'];
}

/** Why what was printed did not arrive, as the user is told. */
export function outputRefused({ message }: Error): string {
  return `the output cannot be written: ${message}`;
}

export function printJson(command: Command, value: unknown): void {
  print(command, `${JSON.stringify(value, null, 2)}\n`);
}
