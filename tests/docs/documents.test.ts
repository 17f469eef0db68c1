/** The documents say what is true today: the run in the README is a real one, and no key or command goes unmentioned. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { program } from '../../src/commands/program.ts';
import { scenarioJsonSchema } from '../../src/scenarios/schema.ts';

const root = new URL('../../', import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'bottalk-docs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What differs from machine to machine: how long it took, and where the files went. */
function portable(output: string): string {
  return output.replace(/ in [\d.]+ s \(\d+x real time\)/, ' in ...').replace(/(files +).*/, '$1...');
}

describe('README', () => {
  test('shows the run of quickstart as it is printed (copy what the command prints when this fails)', () => {
    const command = 'npx bottalk run scenarios/quickstart.yaml --exit';
    const shown = /^ {4}\$ npx bottalk run scenarios\/quickstart.yaml --exit\n((?: {4}.*\n|\n)+)/m.exec(text('README.md'))?.[1];
    expect(shown, `the README shows no run of: ${command}`).toBeDefined();
    const output = execFileSync(process.execPath, ['dist/bin/bottalk.js', 'run', 'scenarios/quickstart.yaml', '--exit', '--out', join(folder, 'run')], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, BOTTALK_CACHE_DIR: join(folder, 'cache') },
    });
    expect(portable((shown as string).replace(/^ {4}/gm, '').trimEnd())).toBe(portable(output.trimEnd()));
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
