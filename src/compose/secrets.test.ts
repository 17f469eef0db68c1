import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { needed, readSecrets, SECRET_NAMES, secretSources } from './secrets.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string): void => writeFileSync(join(folder, '.env.local'), text);

test('the environment wins over .env.local, and what is empty counts as not given', () => {
  write('OPENAI_API_KEY=from-file\nELEVENLABS_API_KEY="quoted"\nDAILY_API_KEY=\nSOMETHING_ELSE=1\n');
  const env = { OPENAI_API_KEY: 'from-environment', ELEVENLABS_API_KEY: '' };
  expect(readSecrets(folder, env)).toEqual({ OPENAI_API_KEY: 'from-environment', ELEVENLABS_API_KEY: 'quoted' });
  expect(secretSources(folder, env)).toEqual({ OPENAI_API_KEY: 'environment', ELEVENLABS_API_KEY: '.env.local' });
});

test('without the file there is the environment alone; a file that cannot be read is told', () => {
  expect(readSecrets(folder, { DAILY_API_KEY: 'd' })).toEqual({ DAILY_API_KEY: 'd' });
  mkdirSync(join(folder, '.env.local'));
  expect(() => readSecrets(folder, {})).toThrow(`${join(folder, '.env.local')} cannot be read (EISDIR)`);
});

test('what is needed and missing is told by name', () => {
  expect(() => needed({}, 'DAILY_API_KEY', 'a Daily room')).toThrow('a Daily room needs DAILY_API_KEY (put it into .env.local or the environment)');
});

test.each(['two words', 'line\nbreak', 'ключ', 'tab\t'])('%j is no key, and is not quoted', (DAILY_API_KEY) => {
  expect(() => needed({ DAILY_API_KEY }, 'DAILY_API_KEY', 'a Daily room')).toThrow(
    /^DAILY_API_KEY holds a blank or a character that no key has \(mend it in \.env\.local or the environment\)$/,
  );
});

test('.env.example lists every name, and no other', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const listed = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(new Set(listed)).toEqual(new Set(SECRET_NAMES));
  expect(listed).toHaveLength(SECRET_NAMES.length);
});
