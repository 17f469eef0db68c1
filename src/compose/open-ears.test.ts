import { expect, test } from 'vitest';
import { caseOf } from '../testing/whole-run.ts';
import { spareEars } from './open-ears.ts';
import type { Secrets } from './secrets.ts';

const { scenario } = caseOf(`
title: Deaf
room: { kind: daily }
agents:
  - { name: Una, prompt: Greet., script: { lines: [Hello.] } }
  - { name: Zed, prompt: Answer., script: { lines: [Hello.] } }
`);
const spare = (secrets: Secrets): string | undefined => spareEars(scenario, secrets)?.transcription.provider;

test('a deaf room is heard by whoever has a key, by OpenAI first', () => {
  expect(spare({})).toBeUndefined();
  expect(spare({ OPENAI_API_KEY: 'a' })).toBe('openai');
  expect(spare({ ELEVENLABS_API_KEY: 'b' })).toBe('elevenlabs');
  expect(spare({ OPENAI_API_KEY: 'a', ELEVENLABS_API_KEY: 'b' })).toBe('openai');
});

test('a server of one\'s own, which may know chat only, is asked to listen only if nobody else can', () => {
  const own = { OPENAI_API_KEY: 'a', OPENAI_BASE_URL: 'http://localhost:11434/v1' };
  expect(spare({ ...own, ELEVENLABS_API_KEY: 'b' })).toBe('elevenlabs');
  expect(spare(own)).toBe('openai');
});
