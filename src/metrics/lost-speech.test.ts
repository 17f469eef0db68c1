/** Short speech of which nothing arrives: a word may be a cough, and nothing at all is a dead line. */
import { expect, test } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { lostSpeech } from './lost-speech.ts';
import { foldAll } from './run-fold.ts';

function call(texts: readonly string[], { noticed = false, transcribed = '' } = {}): string[] {
  const log = new LogBuilder().says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello, how can I help you?' });
  texts.forEach((text, i) => log.says('Mike', { fromMs: 3000 + 4000 * i, toMs: 4000 + 4000 * i, text, transcribed }));
  if (noticed) log.at(3300, { type: 'vad.speech_started', agent: 'Sarah', participant: 'mike-1', audioMs: 3000 });
  log.at(30_000, { type: 'run.ended', endedBy: 'inactivity' });
  return lostSpeech(foldAll(log.build())).map(({ hearer, lost }) => `${hearer} lost ${lost.length}`);
}

test('of which neither text nor sound arrived is lost, however short', () => {
  expect(call(['Yes please.'])).toEqual(['Sarah lost 1']);
  expect(call(['Yes.', 'Hello?'])).toEqual(['Sarah lost 2']);
});

test('that was noticed, or became text, or was a single word is not', () => {
  expect(call(['Yes please.'], { noticed: true })).toEqual([]);
  expect(call(['Yes please.'], { transcribed: 'yes please' })).toEqual([]);
  expect(call(['Mm.'])).toEqual([]);
});
