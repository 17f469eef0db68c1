/** The documents say what is true today: the run in the README is a real one, and no key or command goes unmentioned. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { program } from '../../src/commands/program.ts';
import { scenarioJsonSchema } from '../../src/scenarios/schema.ts';
import { sharedCache } from '../../src/testing/shared-cache.ts';

const root = new URL('../../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'bottalk-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What differs from machine to machine: how long it took, and where the files went. */
function portable(output: string): string {
  return output.replace(/ in [\d.]+ s( \([\d.]+x real time\))?$/gm, ' in ...').replace(/(files +|report +|see |results in ).*/g, '$1...');
}

/** What the README shows below a command, as it was printed. */
function shownBelow(command: string): string {
  const lines = text('README.md').split('\n');
  const first = lines.indexOf(`    $ ${command}`) + 1;
  expect(first, `the README shows no run of: ${command}`).toBeGreaterThan(0);
  const after = lines.slice(first);
  const end = after.findIndex((line) => line !== '' && !line.startsWith('    '));
  return after.slice(0, end).map((line) => line.slice(4)).join('\n').trimEnd();
}

function printed(words: readonly string[], cwd: string | URL = root): string {
  const { stdout } = spawnSync(process.execPath, [fileURLToPath(new URL('dist/bin/bottalk.js', root)), ...words], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: '1', NO_COLOR: '1', GITHUB_ACTIONS: '', BOTTALK_CACHE_DIR: sharedCache },
  });
  return stdout.trimEnd();
}

describe('README', () => {
  test('shows the run of quickstart as it is printed (copy what the command prints when this fails)', () => {
    const output = printed(['run', 'scenarios/quickstart.yaml', '--exit', '--out', join(folder, 'run')]);
    expect(portable(shownBelow('npx bottalk run scenarios/quickstart.yaml --exit'))).toBe(portable(output));
  });

  test('shows a test run that passes and one that fails as they are printed', () => {
    cpSync(new URL('scenarios', root), join(folder, 'scenarios'), { recursive: true });
    const passing = printed(['test', 'scenarios', '--workers', '1'], folder);
    expect(portable(shownBelow('npx bottalk test scenarios --workers 1'))).toBe(portable(passing));
    const strict = text('scenarios/quickstart.yaml').replace('<= 4s', '<= 1s');
    writeFileSync(join(folder, 'strict.yaml'), strict);
    const failing = printed(['test', 'strict.yaml'], folder);
    expect(portable(shownBelow("sed 's/<= 4s/<= 1s/' scenarios/quickstart.yaml > strict.yaml; npx bottalk test strict.yaml"))).toBe(portable(failing));
  });

  test.each(program().commands.map((command) => command.name()))('names the command %s', (name) => {
    expect(text('README.md')).toContain(`bottalk ${name}`);
  });
});

describe('the help', () => {
  test.each(program().commands.map((command) => [command.name(), command] as const))('of %s ends with examples', (_name, command) => {
    let shown = '';
    command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
    expect(shown).toMatch(/\nExamples?:\n {2}\$ bottalk /);
  });
});

describe('docs/scenarios.md', () => {
  test.each([...schemaKeys(scenarioJsonSchema())])('names the key %s', (key) => {
    expect(text('docs/scenarios.md')).toMatch(new RegExp(`\\b${key}\\b`));
  });
});

/** Every key that a scenario file may hold, by its own name. */
function schemaKeys(schema: unknown, keys = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return keys;
  for (const [name, value] of Object.entries(schema)) {
    if (name === 'properties') for (const key of Object.keys(value as object)) keys.add(key);
    // Defaults and examples hold values, not keys of the file.
    if (name !== 'default' && name !== 'examples') schemaKeys(value, keys);
  }
  return keys;
}
