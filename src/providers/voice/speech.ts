/** A synthesised sentence, and its compact form on disk and between threads: same speech, same bytes. */
import type { WordSpan } from '../../audio/frame.ts';

/** Speech in the room's format; spans count from the first sample, in order, and do not overlap. */
export type Speech = { readonly samples: Int16Array; readonly words: readonly WordSpan[] };

/** Counts of samples and of words. */
const HEADER_BYTES = 8;
/** First sample, last sample and the length of the text. */
const WORD_HEADER_BYTES = 10;

/** Header, samples, then one record per word; all numbers are little-endian. */
export function encodeSpeech({ samples, words }: Speech): Uint8Array<ArrayBuffer> {
  const texts = words.map((word) => Buffer.from(word.text, 'utf8'));
  const wordBytes = texts.reduce((sum, text) => sum + WORD_HEADER_BYTES + text.length, 0);
  const bytes = new Uint8Array(HEADER_BYTES + samples.byteLength + wordBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, samples.length, true);
  view.setUint32(4, words.length, true);
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), HEADER_BYTES);
  let at = HEADER_BYTES + samples.byteLength;
  for (const [i, word] of words.entries()) {
    const text = texts[i] as Buffer;
    view.setUint32(at, word.startSample, true);
    view.setUint32(at + 4, word.endSample, true);
    view.setUint16(at + 8, text.length, true);
    bytes.set(text, at + WORD_HEADER_BYTES);
    at += WORD_HEADER_BYTES + text.length;
  }
  return bytes;
}

/** Reads what encodeSpeech wrote. The samples are a view of the given bytes, which must begin at an even address. */
export function decodeSpeech(bytes: Uint8Array): Speech {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES, view.getUint32(0, true));
  const words: WordSpan[] = [];
  const wordCount = view.getUint32(4, true);
  let at = HEADER_BYTES + samples.byteLength;
  for (let i = 0; i < wordCount; i++) {
    const textBytes = view.getUint16(at + 8, true);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + at + WORD_HEADER_BYTES, textBytes).toString('utf8');
    words.push({ text, startSample: view.getUint32(at, true), endSample: view.getUint32(at + 4, true) });
    at += WORD_HEADER_BYTES + textBytes;
  }
  return { samples, words };
}
