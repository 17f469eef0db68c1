/**
 * Where speech can first and last be heard, told from the clean sound and the labels of its words. A label begins with
 * the silence that a stop consonant is made of and may end before its release; each edge is looked for around it.
 */
import type { KnownSpeech } from './known-speech.ts';

/** Samples. */
export type Edges = { readonly startSample: number; readonly endSample: number };

/** Of speech counts what is at most 25 dB under the level of the utterance... */
const UNDER_SPEECH = 10 ** (-25 / 10);
/** ...and at least 6 dB over what the voice sounds like outside its words, from 40 to 90 ms beyond the label. */
const OVER_VOICE_NOISE = 10 ** (6 / 10);
const MS = 16;
const OUTSIDE = 40 * MS;
const FURTHER = 90 * MS;

/**
 * The first and last moments, at most 40 ms outside the labels, where all this holds for 4 ms. `samples` is the clean
 * sound as the line carries it; what lies under `noise` (a mean square) is heard by nobody.
 */
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
