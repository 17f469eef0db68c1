/** Runs one command of the CLI in this process and gives back what it printed. */
import { Command } from 'commander';

export async function commandLine(
  register: (program: Command) => void,
  ...words: readonly string[]
): Promise<{ readonly output: string; readonly error: unknown }> {
  let output = '';
  const program = new Command('bottalk').exitOverride().configureOutput({ writeOut: (text) => (output += text), writeErr: () => {} });
  register(program);
  try {
    await program.parseAsync(words, { from: 'user' });
    return { output, error: undefined };
  } catch (error) {
    return { output, error };
  }
}
