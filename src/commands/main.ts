/** Runs one command line and turns whatever was thrown into lines for the user and an honest exit code. */
import { CommanderError } from 'commander';
import { BugError, formatMistake, MismatchError, ProviderError, reasonOf, UsageError } from '../base/errors.ts';
import { EXIT } from './exit-codes.ts';
import { outputRefused } from './print.ts';
import { program } from './program.ts';

/** The exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A command that has something to close listens itself.
    if (process.stdout.listenerCount('error') > 1) return;
    // A reader that has seen enough (`bottalk list | head`) is no fault.
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    process.stderr.write(`${outputRefused(error)}\n`);
    process.exit(EXIT.usage);
  });
  try {
    await program().parseAsync(argv);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) {
    for (const mistake of error.mistakes) process.stderr.write(`${formatMistake(mistake)}\n`);
    return EXIT.usage;
  }
  if (error instanceof ProviderError || error instanceof MismatchError) {
    process.stderr.write(`${reasonOf(error)}\n`);
    return EXIT.world;
  }
  const what = error instanceof BugError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`bottalk has a bug: ${what}\n`);
  return EXIT.bug;
}
