import { expect, test } from 'vitest';
import type { Secrets } from '../secrets.ts';
import { checkKeys } from './key-checks.ts';

const told = (secrets: Secrets): readonly string[] =>
  checkKeys(secrets, { OPENAI_API_KEY: '.env.local' }).map(({ state, name, detail }) => `${state} ${name}: ${detail}`);

test('keys are told with where they are from or what they would be for, and never what they are', () => {
  expect(told({ OPENAI_API_KEY: 'sk-secret', ELEVENLABS_API_KEY: 'xi-secret' })).toEqual([
    'set OPENAI_API_KEY: from .env.local',
    'set ELEVENLABS_API_KEY: from the environment',
    'missing DAILY_API_KEY: for rooms of Daily, which people can join',
  ]);
});

test('of an address only its host is told', () => {
  expect(told({ METRICS_INGEST_URL: 'https://user:secret@metrics.example/hook/secret?token=secret' }).at(-1)).toBe('set METRICS_INGEST_URL: from the environment, at metrics.example');
});

test('what cannot be a key or an address is broken', () => {
  const lines = told({ OPENAI_API_KEY: 'sk secret', OPENAI_BASE_URL: 'localhost:11434/v1', ELEVENLABS_BASE_URL: 'secret' });
  expect(lines.slice(0, 2)).toEqual(['broken OPENAI_API_KEY: holds a blank or a character that no key has, from .env.local', 'broken OPENAI_BASE_URL: is no http or https address, from the environment']);
  expect(lines.join()).not.toContain('secret');
});
