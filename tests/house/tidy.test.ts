import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const code = filesUnder(['src', 'bin', 'scripts', 'tests', 'bench'], /\.(tsx?|mjs)$/);
const product = code.filter(({ path }) => /^(src|bin)\//.test(path) && !/\.test\.tsx?$/.test(path));
const prose = filesUnder(['docs', 'scenarios', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'], /\.(md|ya?ml)$/);

const LONGEST_FILE = 300;
const LONGEST_LINE = 160;
const LONGEST_HEADER = 5;

test('names are kebab-case and say what is in the file', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.(tsx?|mjs)$/;
  const vague = /(^|\/)(utils?|helpers?|types|common|misc|index)(\/|\.)/;
  const unclear = code.filter(({ path }) => !kebab.test(basename(path)) || (vague.test(path) && path !== 'src/index.ts'));
  expect(unclear.map(({ path }) => path)).toEqual([]);
});

test(`a file has one topic: at most ${LONGEST_FILE} lines`, () => {
  expect(product.filter(({ lines }) => lines.length > LONGEST_FILE).map(({ path, lines }) => `${path}: ${lines.length} lines`)).toEqual([]);
});

test(`a line has at most ${LONGEST_LINE} characters, not counting texts and patterns that would have to be cut in two`, () => {
  const withoutTexts = (line: string): string => line.replace(/(?<=^\s*|[=(,:] ?)\/(?:\\.|[^\\/])+\/|'[^']*'|"[^"]*"|`[^`]*`/g, '');
  expect(findLines(code, (line) => withoutTexts(line).length > LONGEST_LINE)).toEqual([]);
});

test(`each file of the product begins with a comment of one to ${LONGEST_HEADER} lines`, () => {
  const faults = product.flatMap(({ path, text }) => {
    const header = /^(?:#!.*\n)?\/\*\*\n?([\s\S]*?)\*\/\n/.exec(text)?.[1]?.trim();
    if (!header) return [`${path}: no header comment`];
    return header.split('\n').length > LONGEST_HEADER ? [`${path}: the header is longer than ${LONGEST_HEADER} lines`] : [];
  });
  expect(faults).toEqual([]);
});

test('nothing is left for later and nothing is explained by its past', () => {
  const banned = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'ha' + 'ck', 'the ori' + 'ginal'].join('|')})\\b`, 'i');
  expect(findLines([...code, ...prose], (line) => banned.test(line))).toEqual([]);
});

test('the time of day is asked of the wall clock only', () => {
  const exceptWallClock = product.filter(({ path }) => path !== 'src/clock/wall-clock.ts');
  expect(findLines(exceptWallClock, (line) => /\bnew Date(\(\)|;)|[^.\w]Date\(\)/.test(line))).toEqual([]);
});

test('no package registry is named: each machine has its own', () => {
  const registry = new URL(execFileSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).host;
  expect(findLines([...code, ...prose], (line) => line.includes(registry))).toEqual([]);
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "https?:/);
});

type TextFile = { readonly path: string; readonly text: string; readonly lines: readonly string[] };

function filesUnder(places: readonly string[], pattern: RegExp): TextFile[] {
  return places.flatMap((path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) return filesUnder(readdirSync(join(root, path)).map((name) => `${path}/${name}`), pattern);
    if (!stat || !pattern.test(path)) return [];
    const text = readFileSync(join(root, path), 'utf8');
    return [{ path, text, lines: text.trimEnd().split('\n') }];
  });
}

function findLines(files: readonly TextFile[], isFault: (line: string) => boolean): string[] {
  return files.flatMap(({ path, lines }) => lines.flatMap((line, i) => (isFault(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])));
}
