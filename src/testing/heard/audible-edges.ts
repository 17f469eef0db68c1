/**
 * When speech can first and last be heard, told from the clean sound and the labels of its words. A label begins with
 * the silence that a stop consonant is made of and may end before its release, so each edge is looked for around it.
 */
import { HighPass } from '../../room/high-pass.ts';
import type { KnownSpeech } from './known-speech.ts';

/** Samples. */
export type Edges = { readonly startSample: number; readonly endSample: number };

/**
 * What is softer is heard by nobody, dBFS. Somebody who speaks normally is 60 dB(A) loud a metre away (ISO 9921),
 * a quiet room is 35 dB(A) loud (World Health Organization, guidelines for community noise), and speech at -21 dBFS is
 * played back as if its speaker stood there.
 */
export const AUDIBLE_DB = -46;
const MS = 16;
/** So far outside the labels speech can still be heard, before the first word and after the last: otto hisses 220 ms before a "w". */
const OUTSIDE = 250 * MS;
/** Level is measured over 5 ms; and a sound has to last, because the ear makes little of a shorter one. */
const SHORT = 5 * MS;
const LASTING = 20 * MS;

/**
 * The first and last 5 ms that are loud enough themselves and lie within 20 ms that are; where edges are known exactly,
 * those, if there is enough to hear. `samples` is the sound that is listened to, `level` the mean square from which on it
 * is heard.
 */
export function audibleEdges({ startSample, endSample, exact }: KnownSpeech, samples: Float64Array | Int16Array, level: number): Edges {
  const from = startSample - OUTSIDE;
  const to = endSample + OUTSIDE;
  const meanSquares = meansOf(new HighPass().filter(samples), from - LASTING, to + LASTING);
  const isAudible = (at: number): boolean => {
    if (meanSquares(at, at + SHORT) < level) return false;
    for (let begin = at + SHORT - LASTING; begin <= at; begin += MS) if (meanSquares(begin, begin + LASTING) >= level) return true;
    return false;
  };
  let first = from;
  while (first < endSample && !isAudible(first)) first += MS;
  let last = to - SHORT;
  while (last > first && !isAudible(last)) last -= MS;
  return {
    startSample: exact && meanSquares(startSample, startSample + LASTING) >= level ? startSample : first,
    endSample: exact && meanSquares(endSample - LASTING, endSample) >= level ? endSample : last + SHORT,
  };
}

/** Mean squares from one sample up to another, quickly; there is silence around the sound. */
function meansOf(samples: Float64Array, from: number, to: number): (from: number, to: number) => number {
  const sums = new Float64Array(to - from + 1);
  for (let i = from; i < to; i++) sums[i - from + 1] = (sums[i - from] as number) + (samples[i] ?? 0) ** 2;
  return (a, b) => ((sums[b - from] as number) - (sums[a - from] as number)) / (b - a);
}
