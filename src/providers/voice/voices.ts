/** The four voices of the offline engine under the names that scenarios use. */
import { UsageError } from '../../base/errors.ts';

export type Voice = {
  readonly name: string;
  readonly gender: 'female' | 'male';
  readonly description: string;
  /** What flite calls it. */
  readonly engineVoice: 'slt' | 'rms' | 'awb' | 'kal16';
  /**
   * Brings the voice to -21 dBFS RMS over its speech. Measured over ten telephone sentences the voices come out of
   * the engine at -14.9, -20.4, -19.8 and -27.4 dBFS; at this level the loudest peak keeps 1 dB of headroom.
   */
  readonly gain: number;
};

/** The voices; the first two are the pair that is easiest to tell apart. */
export const VOICES: readonly Voice[] = [
  { name: 'clara', gender: 'female', description: 'a clear woman, US English', engineVoice: 'slt', gain: 0.5 },
  { name: 'ross', gender: 'male', description: 'a calm man, US English', engineVoice: 'rms', gain: 0.93 },
  { name: 'angus', gender: 'male', description: 'a brisk man, Scottish English', engineVoice: 'awb', gain: 0.87 },
  { name: 'otto', gender: 'male', description: 'a robot of the 1990s, US English', engineVoice: 'kal16', gain: 2.1 },
];

/** The voice of this name; throws a UsageError that names the voices there are. */
export function findVoice(name: string): Voice {
  const voice = VOICES.find((candidate) => candidate.name === name);
  if (voice) return voice;
  const known = VOICES.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`unknown voice "${name}"`, `the offline voices are ${known}`);
}
