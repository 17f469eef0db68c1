import { expect, it } from 'vitest';
import { silenceEndOfTurn } from './silence-end-of-turn.ts';

it('calls every turn complete, whatever was said', () => {
  const silence = silenceEndOfTurn();
  expect(silence.isComplete({ text: 'and then the', audio: new Int16Array(0), messages: [] })).toBe(true);
  expect(silence.isComplete({ text: '', audio: new Int16Array(0), messages: [] })).toBe(true);
  expect(silence).toMatchObject({ name: 'silence', needsAudio: false, readsText: false });
});
