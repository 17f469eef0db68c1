import { expect, test } from 'vitest';
import { findVoice, VOICES } from './voices.ts';

test('there are four voices, of both genders', () => {
  expect(new Set(VOICES.map((voice) => voice.name)).size).toBe(4);
  expect(new Set(VOICES.map((voice) => voice.gender))).toEqual(new Set(['female', 'male']));
  for (const voice of VOICES) expect(findVoice(voice.name)).toBe(voice);
});

test('an unknown voice is a mistake of the user that names the voices there are', () => {
  expect(() => findVoice('bella')).toThrowError(
    expect.objectContaining({ name: 'UsageError', message: 'unknown voice "bella" (the offline voices are clara, ross, angus, otto)' }),
  );
});
