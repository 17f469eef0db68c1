/** `--reporter name` or `--reporter name=file`, as often as wanted. */
import { InvalidArgumentError } from 'commander';
import { REPORTERS, type TestFlags } from './test-flags.ts';

export function reporter(text: string, before: TestFlags['reporter'] = []): TestFlags['reporter'] {
  const [name = '', ...file] = text.split('=');
  const known = REPORTERS.find((each) => each === name);
  if (!known) throw new InvalidArgumentError(`Expected ${REPORTERS.join(', ')}.`);
  return [...before, { name: known, file: file.length === 0 ? undefined : file.join('=') }];
}
