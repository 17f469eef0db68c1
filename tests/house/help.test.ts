/** Whoever asks for help waits for no library that only a command needs. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Prints the packages of which a module was loaded, once the process ends. */
const TELL_PACKAGES = `
import { registerHooks } from 'node:module';
const packages = new Set();
registerHooks({
  load(url, context, next) {
    const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
    if (name) packages.add(name);
    return next(url, context);
  },
});
process.on('exit', () => process.stdout.write('\\nloaded: ' + JSON.stringify([...packages])));
`;

test.each([['--help'], ['test', '--help'], ['report', '--help']])('bottalk %s %s loads commander and no other package', (...words) => {
  const command = join(import.meta.dirname, '../../bin/bottalk.ts');
  const output = execFileSync(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(TELL_PACKAGES)}`, command, ...words], { encoding: 'utf8' });
  expect(output).toContain('Usage: bottalk');
  expect(JSON.parse(output.split('\nloaded: ').at(-1) as string)).toEqual(['commander']);
});
