import { expect, test } from 'vitest';
import type { Speech } from './speech.ts';
import { SpeechMemory } from './speech-memory.ts';

const speech = (bytes: number): Speech => ({ samples: new Int16Array(bytes / 2), words: [] });

test('forgets what was used longest ago once it is full', () => {
  const memory = new SpeechMemory(100);
  memory.set('a', speech(40));
  memory.set('b', speech(40));
  expect(memory.get('a')).toEqual(speech(40));
  memory.set('c', speech(40));
  expect(['a', 'b', 'c'].map((key) => memory.has(key))).toEqual([true, false, true]);
});

test('keeps the newest even if it is too large, and counts an entry that is replaced once', () => {
  const memory = new SpeechMemory(100);
  for (let i = 0; i < 5; i++) memory.set('a', speech(60));
  memory.set('b', speech(40));
  expect(memory.has('a')).toBe(true);
  memory.set('c', speech(400));
  expect(['a', 'b', 'c'].map((key) => memory.has(key))).toEqual([false, false, true]);
});
