/**
 * One sentence, from text to levelled samples with the span of every written word. Sounds that stand for no word, such
 * as the pauses, belong to no span; marks that make no sound join the word before them.
 */
import type { WordSpan } from '../../audio/frame.ts';
import { ProviderError } from '../../base/errors.ts';
import { type Flite, type FliteToken, MAX_CALL_CHARACTERS } from './flite.ts';
import { type SpeakableWord, speakableWords } from './speakable.ts';
import type { Speech } from './speech.ts';
import type { Voice } from './voices.ts';

/** Speaks a text; throws a ProviderError if it cannot be spoken. The words of the result, joined by blanks, are the text. */
export function speak(flite: Flite, voice: Voice, text: string): Speech {
  const words = speakableWords(text);
  const foreign = words.find(({ spoken }) => spoken === undefined);
  if (foreign) throw unsupported(foreign.written);
  const spans: Span[] = words.map(() => ({ startSample: 0, endSample: 0 }));
  const parts: Int16Array[] = [];
  let offset = 0;
  for (const call of splitIntoCalls(words)) {
    const { samples, tokens } = flite.speak(voice.engineVoice, call.text);
    for (const { word, startSample, endSample } of tokensByWord(call, tokens)) {
      const span = spans[word] as Span;
      if (endSample === 0) continue;
      if (span.endSample === 0) span.startSample = offset + startSample;
      span.endSample = offset + endSample;
    }
    parts.push(samples);
    offset += samples.length;
  }
  const spoken = joinSilentWords(words, spans);
  if (spoken.length === 0) throw unsupported(text);
  return { samples: levelled(parts, offset, voice.gain), words: spoken };
}

function unsupported(text: string): ProviderError {
  return new ProviderError(`the offline voice speaks English only and cannot say "${text}"`, { provider: 'offline', kind: 'unsupported' });
}

type Span = { startSample: number; endSample: number };

/** A text for the engine, and for each of its pieces between blanks the written word that it stands for. */
type Call = { readonly text: string; readonly pieces: readonly { readonly word: number; readonly at: number }[] };

/** Packs the words into as few calls as their length allows, cutting at the end of a phrase where there is one. */
function splitIntoCalls(words: readonly SpeakableWord[]): Call[] {
  const calls: Call[] = [];
  let text = '';
  let pieces: { word: number; at: number }[] = [];
  const close = (): void => {
    if (pieces.length > 0) calls.push({ text, pieces });
    text = '';
    pieces = [];
  };
  for (const [word, { spoken }] of words.entries()) {
    if (!spoken) continue;
    const added = spoken.length + (text === '' ? 0 : 1);
    const phraseEnded = /[.,;:!?]["')]*$/.test(text) && text.length > MAX_CALL_CHARACTERS / 2;
    if (text.length + added > MAX_CALL_CHARACTERS || (phraseEnded && !restFits(words, word, text.length))) close();
    pieces.push({ word, at: text === '' ? 0 : text.length + 1 });
    text = text === '' ? spoken : `${text} ${spoken}`;
  }
  close();
  return calls;
}

function restFits(words: readonly SpeakableWord[], from: number, length: number): boolean {
  let total = length;
  for (let i = from; i < words.length && total <= MAX_CALL_CHARACTERS; i++) total += (words[i]?.spoken?.length ?? 0) + 1;
  return total <= MAX_CALL_CHARACTERS;
}

/** The engine's tokens stand in the order of the text, so each is the next place where its letters occur. */
function tokensByWord(call: Call, tokens: readonly FliteToken[]): (Span & { readonly word: number })[] {
  let from = 0;
  let piece = 0;
  return tokens.map(({ text, startSample, endSample }) => {
    const at = call.text.indexOf(text, from);
    if (at >= 0) from = at + text.length;
    while ((call.pieces[piece + 1]?.at ?? Number.POSITIVE_INFINITY) < from) piece += 1;
    return { word: call.pieces[piece]?.word ?? 0, startSample, endSample };
  });
}

/** Gives each silent word to the one before it, or at the beginning to the first that can be heard. */
function joinSilentWords(words: readonly SpeakableWord[], spans: readonly Span[]): WordSpan[] {
  const joined: { text: string; startSample: number; endSample: number }[] = [];
  let leading = '';
  for (const [i, { written }] of words.entries()) {
    const { startSample, endSample } = spans[i] as Span;
    const last = joined.at(-1);
    if (endSample > startSample) {
      joined.push({ text: leading + written, startSample, endSample });
      leading = '';
    } else if (last) {
      last.text += ` ${written}`;
    } else {
      leading += `${written} `;
    }
  }
  return joined;
}

function levelled(parts: readonly Int16Array[], length: number, gain: number): Int16Array {
  const samples = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    for (const sample of part) samples[at++] = Math.max(-32768, Math.min(32767, Math.round(sample * gain)));
  }
  return samples;
}
