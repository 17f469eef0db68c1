import { expect, test } from 'vitest';
import { TextWatch } from './text-watch.ts';

test('so much speech without a text is told once; any text begins the count anew', () => {
  const told: string[] = [];
  const watch = new TextWatch({ speechMs: 5_000, onMissing: (reason) => void told.push(reason) });
  const speak = (frames: number): void => {
    for (let n = 0; n < frames; n++) watch.speech();
  };
  speak(249);
  watch.text();
  speak(249);
  expect(told).toEqual([]);
  speak(500);
  watch.missing('its transcription failed');
  expect(told).toEqual(['5 s of speech brought no text']);
});
