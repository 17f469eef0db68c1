/**
 * A conversation on two tracks in which it is known when who can be heard: answers after known gaps, answers that come
 * too early, interruptions that are yielded to after a known time, and silences.
 */
import { FRAME_SAMPLES, msToSamples, samplesToMs } from '../../audio/format.ts';
import type { Random } from '../../base/random.ts';
import type { Span } from '../../metrics/spans.ts';
import type { Speaker } from '../log-builder.ts';
import { audibleEdges, type Edges } from './audible-edges.ts';
import type { KnownSpeech } from './known-speech.ts';
import { audibleNoise, carried, type Line, noiseOn } from './line.ts';

/** When one utterance goes out, and when it can be heard; call milliseconds. */
export type KnownUtterance = {
  readonly agent: Speaker;
  readonly text: string;
  readonly sentMs: number;
  readonly sentEndMs: number;
  readonly cut: boolean;
  /** If sound is heard from this mean square on: the truth, told from the clean sound. */
  readonly audible: (from: number) => Span;
  /** The same, told from the track with its noise by somebody who knows where the words are. */
  readonly audibleOnTrack: (from: number) => Span;
};

export type KnownConversation = {
  readonly tracks: Readonly<Record<Speaker, Int16Array>>;
  readonly utterances: readonly KnownUtterance[];
  readonly endMs: number;
  /** The mean square from which on its edges were placed, and that of what can be heard of the line's noise. */
  readonly heardFrom: number;
  readonly noise: number;
};

/**
 * From the end of what was said before to the beginning of what is said now, milliseconds, over and over. Less than 0
 * talks over the end of it; `interrupts` begins in the middle, and what was said before is cut off some time later.
 */
const PLAN: readonly (number | { readonly interrupts: number; readonly yieldsMs: number })[] = [
  640, 420, 1150, -250, 900, { interrupts: 0.4, yieldsMs: 150 }, 3700, 330, 760, -120, 1400, { interrupts: 0.3, yieldsMs: 220 }, 5100, 500,
];
/** A line is learnt in two seconds; what sounds before may count as speech. */
const LEAD_MS = 4000;
/** A speaker who goes on sooner has not paused, as far as the ear can tell. */
const OWN_PAUSE_MS = 900;
/** Enough around the words for every edge that is looked for. */
const AROUND_SAMPLES = msToSamples(500);

type Placed = { readonly agent: Speaker; readonly speech: KnownSpeech; readonly carried: Float64Array; readonly atSample: number; cutSample: number };

/** The two agents say these in turn, over lines of this kind; hearing begins at `audible`, a mean square, and at the noise. */
export function knownConversation(said: readonly KnownSpeech[], line: Line, random: Random, audible: number): KnownConversation {
  const placed: Placed[] = [];
  const noise = audibleNoise(line);
  const heardFrom = Math.max(audible, noise);
  const edgesOf = ({ speech, carried: sound, atSample, cutSample }: Placed, from = heardFrom): Edges => {
    const left = cutSample - atSample;
    return shifted(audibleEdges(upTo(speech, left), sound.subarray(0, left), from), atSample);
  };
  for (const [n, speech] of said.entries()) {
    const before = placed.at(-1);
    const own = placed.at(-2);
    const sound = carried(speech.samples, line);
    const { startSample } = audibleEdges(speech, sound, heardFrom);
    const plan = PLAN[n % PLAN.length] as (typeof PLAN)[number];
    const beforeEdges = before && edgesOf(before);
    let audibleAt = msToSamples(LEAD_MS + 500 * random.next());
    if (beforeEdges) {
      const { startSample: from, endSample: to } = beforeEdges;
      audibleAt = typeof plan === 'number' ? to + msToSamples(plan) : from + Math.round(plan.interrupts * (to - from));
    }
    if (own) audibleAt = Math.max(audibleAt, edgesOf(own).endSample + msToSamples(OWN_PAUSE_MS));
    const atSample = Math.max(0, Math.round(audibleAt) - startSample);
    if (before && typeof plan !== 'number') before.cutSample = Math.min(before.cutSample, Math.round(audibleAt) + msToSamples(plan.yieldsMs));
    placed.push({ agent: n % 2 === 0 ? 'Sarah' : 'Mike', speech, carried: sound, atSample, cutSample: atSample + sound.length });
  }
  const length = Math.max(...placed.map(({ cutSample }) => cutSample)) + msToSamples(1500);
  const frames = Math.ceil(length / FRAME_SAMPLES) * FRAME_SAMPLES;
  const track = (agent: Speaker): Int16Array => mixed(placed.filter((it) => it.agent === agent), noiseOn(line, frames, random.fork(agent)));
  const tracks = { Sarah: track('Sarah'), Mike: track('Mike') };
  return {
    tracks,
    endMs: samplesToMs(frames),
    heardFrom,
    noise,
    utterances: placed.map((it) => ({
      agent: it.agent,
      text: it.speech.text,
      sentMs: samplesToMs(it.atSample),
      sentEndMs: samplesToMs(it.cutSample),
      cut: it.cutSample - it.atSample < it.speech.endSample,
      audible: (from) => spanOf(edgesOf(it, from)),
      audibleOnTrack: (from) => spanOf(edgesOnTrack(it, tracks[it.agent], from)),
    })),
  };
}

function edgesOnTrack({ speech, atSample, cutSample }: Placed, track: Int16Array, level: number): Edges {
  const from = Math.max(0, atSample - AROUND_SAMPLES);
  const before = atSample - from;
  const { startSample, endSample } = upTo(speech, cutSample - atSample);
  const labels = { ...speech, exact: false, startSample: startSample + before, endSample: endSample + before };
  return shifted(audibleEdges(labels, track.subarray(from, cutSample + AROUND_SAMPLES), level), from);
}

/** What is left of speech that is cut off after so many samples; the cut is a sharp edge, wherever it falls. */
function upTo(speech: KnownSpeech, samples: number): KnownSpeech {
  return { ...speech, endSample: Math.min(speech.endSample, samples) };
}

function spanOf({ startSample, endSample }: Edges): Span {
  return { startMs: samplesToMs(startSample), endMs: samplesToMs(endSample) };
}

function shifted({ startSample, endSample }: Edges, by: number): Edges {
  return { startSample: startSample + by, endSample: endSample + by };
}

function mixed(placed: readonly Placed[], noise: Float64Array): Int16Array {
  for (const { carried: sound, atSample, cutSample } of placed) {
    for (let i = atSample; i < cutSample; i++) noise[i] = (noise[i] as number) + (sound[i - atSample] as number);
  }
  const samples = new Int16Array(noise.length);
  // Int16Array.from would take ten times as long.
  for (let i = 0; i < samples.length; i++) samples[i] = Math.max(-32768, Math.min(32767, Math.round(noise[i] as number)));
  return samples;
}
