/**
 * A conversation on two tracks in which it is known when who can be heard: answers after known gaps, answers that come
 * too early, interruptions that are yielded to after a known time, and silences. Nothing in it listens.
 */
import { FRAME_SAMPLES, msToSamples, samplesToMs } from '../../audio/format.ts';
import type { Random } from '../../base/random.ts';
import type { Span } from '../../metrics/spans.ts';
import type { Speaker } from '../log-builder.ts';
import { audibleEdges, type Edges } from './audible-edges.ts';
import type { KnownSpeech } from './known-speech.ts';
import { carried, type Line, noiseOn } from './line.ts';

/**
 * When one utterance goes out, and when it can be heard; call milliseconds. Beside noise nobody can say to a decibel how
 * loud a sound is, so its edges lie between those of what is `perhaps` heard and of what `surely` is.
 */
export type KnownUtterance = {
  readonly agent: Speaker;
  readonly text: string;
  readonly sentMs: number;
  readonly sentEndMs: number;
  readonly perhaps: Span;
  readonly surely: Span;
  readonly cut: boolean;
};

export type KnownConversation = {
  readonly tracks: Readonly<Record<Speaker, Int16Array>>;
  readonly utterances: readonly KnownUtterance[];
  readonly endMs: number;
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

type Placed = { readonly agent: Speaker; readonly speech: KnownSpeech; readonly carried: Float64Array; readonly atSample: number; cutSample: number };

/** From which mean square on sound is heard, and by what factor more or less that is unsure. */
export type Hearing = { readonly from: number; readonly unsure: number };

/** The two agents say these in turn, over lines of this kind. */
export function knownConversation(said: readonly KnownSpeech[], line: Line, random: Random, hearing: Hearing): KnownConversation {
  const placed: Placed[] = [];
  const edgesOf = ({ speech, carried: sound, atSample, cutSample }: Placed, heardFrom = hearing.from): Edges => {
    const left = cutSample - atSample;
    return shifted(audibleEdges(upTo(speech, left), sound.subarray(0, left), heardFrom), atSample);
  };
  for (const [n, speech] of said.entries()) {
    const before = placed.at(-1);
    const own = placed.at(-2);
    const sound = carried(speech.samples, line);
    const { startSample } = audibleEdges(speech, sound, hearing.from);
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
  return {
    tracks: { Sarah: track('Sarah'), Mike: track('Mike') },
    endMs: samplesToMs(frames),
    utterances: placed.map((it) => ({
      agent: it.agent,
      text: it.speech.text,
      sentMs: samplesToMs(it.atSample),
      sentEndMs: samplesToMs(it.cutSample),
      perhaps: spanOf(edgesOf(it, hearing.from / hearing.unsure)),
      surely: spanOf(edgesOf(it, hearing.from * hearing.unsure)),
      cut: it.cutSample - it.atSample < it.speech.endSample,
    })),
  };
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
  return Int16Array.from(noise, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample))));
}
