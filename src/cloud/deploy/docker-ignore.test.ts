import { expect, test } from 'vitest';
import { buildFilter } from './docker-ignore.ts';

test.each([
  ['node_modules', ['node_modules/a/b.js', 'node_modules'], ['src/node_modules/a.js']],
  ['**/node_modules', ['node_modules/a.js', 'src/x/node_modules/a.js'], ['node_modules2/a']],
  ['/dist/', ['dist/a.js'], ['src/dist/a.js']],
  ['*.md\n!README.md', ['CHANGELOG.md'], ['README.md', 'docs/a.md']],
  ['*\n!src\n!package.json', ['tests/a.ts', 'LICENSE'], ['src/a/b.ts', 'package.json']],
  ['docs/**', ['docs/a', 'docs/a/b'], ['docs']],
  ['a/**/z', ['a/z', 'a/b/c/z'], ['a/zz']],
  ['file?.[jt]s', ['file1.js', 'file2.ts'], ['file10.js', 'file1.cs']],
  ['# no pattern\n  \n./src/../tmp', ['tmp/a'], ['src/a']],
  ['a.b+c(d)', ['a.b+c(d)'], ['aXb+c(d)']],
])('%j leaves out %j and keeps %j', (text, leftOut, kept) => {
  const filter = buildFilter(text, ['src']);
  expect(leftOut.filter((path) => !filter.isLeftOut(path))).toEqual([]);
  expect(kept.filter((path) => filter.isLeftOut(path))).toEqual([]);
});

test('without a .dockerignore, what is usual and what the deploy file names is left out', () => {
  const filter = buildFilter(undefined, ['runs', '*.wav']);
  expect(['node_modules/a', 'runs/1/events.jsonl', 'a.wav'].every((path) => filter.isLeftOut(path))).toBe(true);
  expect(['dist/bin/bottalk.js', 'build/a', 'src/a.wav'].some((path) => filter.isLeftOut(path))).toBe(false);
});

test('history and files of keys never travel, whatever is taken back', () => {
  const filter = buildFilter('!.env.local\n!.git', []);
  expect(['.git/HEAD', '.env', '.env.local', 'agents/.env.production'].filter((path) => !filter.isLeftOut(path))).toEqual([]);
  expect(filter.isLeftOut('.env.example')).toBe(false);
});
