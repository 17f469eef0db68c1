/**
 * Where speech can first and last be heard, told from the clean sound and the labels of its words. A label begins with
 * the silence that a stop consonant is made of and may end before its release, so each edge is the nearest moment to
 * the label's, at most 40 ms outside, where for 4 ms the clean sound is
 *   at most 25 dB under the level of the utterance,
 *   at least 6 dB over what the voice sounds like outside its words, and
 *   not under the noise of the line: what noise covers is heard by nobody.
 */
import type { KnownSpeech } from './known-speech.ts';

/** Samples. */
export type Edges = { readonly startSample: number; readonly endSample: number };

const UNDER_SPEECH = 10 ** (-25 / 10);
const OVER_VOICE_NOISE = 10 ** (6 / 10);
const MS = 16;
const OUTSIDE = 40 * MS;
/** What the voice sounds like outside is taken from 40 to 90 ms beyond the label. */
const FURTHER = 90 * MS;

/** `samples` is the clean sound as the line carries it. */
export function audibleEdges({ startSample, endSample, exact }: KnownSpeech, samples: Float64Array, noise: number): Edges {
  if (exact) return { startSample, endSample };
  const spoken = Math.max(noise, UNDER_SPEECH * meanSquare(samples, startSample, endSample));
  const before = Math.max(spoken, OVER_VOICE_NOISE * meanSquare(samples, startSample - FURTHER, startSample - OUTSIDE));
  const after = Math.max(spoken, OVER_VOICE_NOISE * meanSquare(samples, endSample + OUTSIDE, endSample + FURTHER));
  return {
    startSample: firstAudible({ samples, level: before, from: startSample - OUTSIDE, to: endSample, step: MS }),
    endSample: firstAudible({ samples, level: after, from: endSample + OUTSIDE, to: startSample, step: -MS }),
  };
}

type Search = { readonly samples: Float64Array; readonly level: number; readonly from: number; readonly to: number; readonly step: number };

function firstAudible({ samples, level, from, to, step }: Search): number {
  const isAudible = (at: number): boolean => [0, 1, 2, 3].every((n) => levelAt(samples, at + n * step) >= level);
  let at = from;
  while (!isAudible(at) && Math.sign(to - at) === Math.sign(step)) at += step;
  return at;
}

/** Over the 5 ms around a moment. */
function levelAt(samples: Float64Array, at: number): number {
  return meanSquare(samples, at - 40, at + 40);
}

function meanSquare(samples: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (samples[i] ?? 0) ** 2;
  return to > from ? sum / (to - from) : 0;
}
