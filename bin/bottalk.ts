#!/usr/bin/env node
/** argv, stdio and signals in, exit code out. */

// A container may be told to end before it has begun, and as its first process it would not even notice. The entry takes
// the signal over when it is there.
if (process.argv[2] === 'serve') process.once('SIGTERM', () => process.exit(0));

const WANTED_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < WANTED_NODE) {
  process.stderr.write(`bottalk needs Node ${WANTED_NODE} or newer, this is ${process.version}: install it from https://nodejs.org\n`);
  process.exitCode = 2;
} else {
  const { main } = await import('../src/commands/main.ts');
  process.exitCode = await main(process.argv);
}
