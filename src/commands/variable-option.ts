/** `--var name=value`, as often as one likes. */
import { InvalidArgumentError } from 'commander';

/** Adds one flag to those before it. */
export function collectVariable(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Expected name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
