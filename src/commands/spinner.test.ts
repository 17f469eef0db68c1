import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openSpinner } from './spinner.ts';

test.each([
  { isTTY: true, columns: 0 },
  { isTTY: false, columns: 80 },
])('nothing moves on %j: there is no line to move', async (terminal) => {
  const stream = Object.assign(new PassThrough(), terminal);
  const spinner = await openSpinner('asking', stream as unknown as NodeJS.WriteStream);
  spinner.show('asking others');
  spinner.close();
  expect(stream.read()).toBeNull();
});
