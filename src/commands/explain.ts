/** What was thrown, as lines for the user, and the exit code that says whose fault it is. */
import { CommanderError } from 'commander';
import { BugError, formatMistake, MismatchError, ProviderError, reasonOf, UsageError } from '../base/errors.ts';
import { EXIT } from './exit-codes.ts';

/** Writes to stderr. Commander has said already what it had to say. */
export function explain(error: unknown): number {
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
