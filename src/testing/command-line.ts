/** Runs one command of the CLI in this process and gives back what it printed. */
import { Command } from 'commander';

export async function commandLine(
  register: (program: Command) => void,
  ...words: readonly string[]
): Promise<{ readonly output: string; readonly errors: string; readonly error: unknown }> {
  let output = '';
  let errors = '';
  const program = new Command('bottalk').exitOverride().configureOutput({ writeOut: (text) => (output += text), writeErr: (text) => (errors += text) });
  register(program);
  try {
    await program.parseAsync(words, { from: 'user' });
    return { output, errors, error: undefined };
  } catch (error) {
    return { output, errors, error };
  }
}
