import { describe, expect, test } from 'vitest';
import { msToSamples } from '../../audio/format.ts';
import { SpeechAssembler } from './speech-assembler.ts';

const silence = (ms: number): Buffer => Buffer.alloc(2 * msToSamples(ms));
const word = (text: string, startMs: number, endMs: number): { text: string; startMs: number; endMs: number } => ({ text, startMs, endMs });

describe('chunks of speech', () => {
  test('hold samples that were sent as little-endian bytes, and whole ones only', () => {
    const speech = new SpeechAssembler();
    expect(speech.add(Buffer.from([0x01, 0x00, 0xff, 0xff, 0x34]), [])?.samples).toEqual(Int16Array.of(1, -1));
    expect(speech.add(Buffer.from([0x12]), [])?.samples).toEqual(Int16Array.of(0x1234));
    expect(speech.add(Buffer.alloc(0), [])).toBeUndefined();
  });

  test('list a word where its last sample lies, counted from the first of that chunk', () => {
    const speech = new SpeechAssembler();
    expect(speech.add(silence(100), [word('early', 0, 60), word('late', 70, 130)])?.words).toEqual([{ text: 'early', startSample: 0, endSample: 960 }]);
    expect(speech.add(silence(100), [])?.words).toEqual([{ text: 'late', startSample: 1120 - 1600, endSample: 2080 - 1600 }]);
    expect(speech.receivedMs).toBe(200);
  });

  test('keep words in order, even if a later one ends earlier', () => {
    const speech = new SpeechAssembler();
    expect(speech.add(silence(100), [word('long', 0, 150), word('short', 10, 20)])?.words).toEqual([]);
    expect(speech.add(silence(100), [])?.words.map(({ text }) => text)).toEqual(['long', 'short']);
  });

  test('give a word at least one sample', () => {
    expect(new SpeechAssembler().add(silence(10), [word('.', 5, 5)])?.words).toEqual([{ text: '.', startSample: 80, endSample: 81 }]);
  });

  test('end with the words whose sound is out already, or is shorter than they say', () => {
    const speech = new SpeechAssembler();
    speech.add(silence(100), [word('cut', 80, 200)]);
    expect(speech.finish([word('off', 90, 210)])).toEqual({
      samples: new Int16Array(0),
      words: [
        { text: 'cut', startSample: -320, endSample: 0 },
        { text: 'off', startSample: -160, endSample: 0 },
      ],
    });
    expect(speech.finish([])).toBeUndefined();
  });

  test('are none where no sound ever came', () => {
    expect(new SpeechAssembler().finish([word('silent', 0, 100)])).toBeUndefined();
  });
});
