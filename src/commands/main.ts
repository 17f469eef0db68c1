/** Runs one command line and turns whatever was thrown into lines for the user and an honest exit code. */
import { EXIT } from './exit-codes.ts';
import { explain } from './explain.ts';
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
