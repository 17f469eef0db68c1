/** The lines that known speech is sent over: how loud, how clear, and what noise is on them. */
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import { meanSquare, meanSquareAt } from '../../audio/level.ts';
import { type Random, seededRandom } from '../../base/random.ts';
import { HighPass } from '../../room/high-pass.ts';
import { saidBy, SENTENCES } from './known-speech.ts';

export type NoiseKind = 'white' | 'hum' | 'babble';

export type Line = {
  readonly name: string;
  /** How much louder than -21 dBFS; what does not fit into 16 bits is clipped. */
  readonly gainDb?: number;
  /** As a telephone's codec passes it. */
  readonly lowPassHz?: number;
  /** On the line all the time, this far under -21 dBFS. */
  readonly noise?: { readonly kind: NoiseKind; readonly snrDb: number };
};

export const QUIET_LINES: readonly Line[] = [
  { name: 'clean' },
  { name: '12 dB softer', gainDb: -12 },
  { name: '10 dB louder, clipped', gainDb: 10 },
  { name: 'telephone, 3.4 kHz', lowPassHz: 3400 },
];

export const NOISY_LINES: readonly Line[] = (['white', 'hum', 'babble'] as const).flatMap((kind) =>
  [30, 20, 15].map((snrDb) => ({ name: `${kind}, ${snrDb} dB`, noise: { kind, snrDb } })),
);

const SPEECH_LEVEL_DB = -21;
const TEN_SECONDS = 10 * SAMPLE_RATE_HZ;

/** What of the clean sound goes out on the line, before noise. */
export function carried(samples: Float64Array, { gainDb = 0, lowPassHz }: Line): Float64Array {
  const gain = 10 ** (gainDb / 20);
  const louder = samples.map((sample) => Math.max(-32768, Math.min(32767, sample * gain)));
  return lowPassHz === undefined ? louder : lowPassed(louder, lowPassHz);
}

/** The mean square of what can be heard of the noise on this line; 0 without noise. */
export function audibleNoise(line: Line): number {
  return meanSquare(new HighPass().filter(noiseOn(line, TEN_SECONDS, seededRandom(line.name))));
}

/** So much of the noise of this line. */
export function noiseOn(line: Line, length: number, random: Random): Float64Array {
  const samples = new Float64Array(length);
  if (!line.noise) return samples;
  addNoise(samples, line.noise.kind, random);
  const scale = Math.sqrt(meanSquareAt(SPEECH_LEVEL_DB - line.noise.snrDb) / meanSquare(samples));
  return samples.map((sample) => sample * scale);
}

function addNoise(samples: Float64Array, kind: NoiseKind, random: Random): void {
  if (kind === 'white') {
    for (let i = 0; i < samples.length; i++) samples[i] = random.normal();
  } else if (kind === 'hum') {
    addHum(samples, random);
  } else {
    for (const talker of talkers()) {
      const from = random.int(talker.length);
      for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) + (talker[(i + from) % talker.length] as number);
    }
  }
}

/** The mains and three harmonics of it, and a little noise. */
function addHum(samples: Float64Array, random: Random): void {
  const partials = [1, 0.5, 0.35, 0.2].map((amplitude, n) => ({ amplitude, hz: 50 * (n + 1), phase: random.next() * 2 * Math.PI }));
  for (let i = 0; i < samples.length; i++) {
    const seconds = i / SAMPLE_RATE_HZ;
    let sum = 0.02 * random.normal();
    for (const { amplitude, hz, phase } of partials) sum += amplitude * Math.sin(2 * Math.PI * hz * seconds + phase);
    samples[i] = sum;
  }
}

/** Six people who talk at once, without a pause. */
function talkers(): Float64Array[] {
  return ['clara', 'ross', 'angus', 'clara', 'ross', 'angus'].map((voice, n) => {
    const said = SENTENCES.slice(n * 6, n * 6 + 6).map((text) => saidBy(voice, text));
    return Float64Array.from(said.flatMap(({ samples, startSample, endSample }) => [...samples.subarray(startSample, endSample)]));
  });
}

const TAPS = 63;

/** A windowed sinc, without delay. */
function lowPassed(samples: Float64Array, hz: number): Float64Array {
  const middle = (TAPS - 1) / 2;
  const cut = (2 * hz) / SAMPLE_RATE_HZ;
  const taps = Array.from({ length: TAPS }, (_, i) => {
    const x = i - middle;
    return (x === 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x)) * (0.54 + 0.46 * Math.cos((Math.PI * x) / (middle + 0.5)));
  });
  return samples.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < TAPS; k++) sum += (taps[k] as number) * (samples[i + middle - k] ?? 0);
    return sum;
  });
}
