/** Whose errors are measured: sung vowels, the three offline voices that are quiet between words, and the robot that hisses. */
import { meanSquareAt } from '../../audio/level.ts';
import { seededRandom } from '../../base/random.ts';
import { AUDIBLE_DB } from './audible-edges.ts';
import { type HeardErrors, heardErrors } from './heard-errors.ts';
import { knownConversation } from './known-conversation.ts';
import { type KnownSpeech, saidBy, SENTENCES, sung } from './known-speech.ts';
import { audibleNoise, type Line } from './line.ts';

export type KnownVoice = { readonly name: string; readonly speech: readonly KnownSpeech[] };

export function sungVoice(count: number): KnownVoice {
  const random = seededRandom('sung');
  return { name: 'sung', speech: Array.from({ length: count }, (_, n) => sung(random.fork(n), { breathy: n % 4 === 3 })) };
}

/** The robot's name is otto. */
export function offlineVoice(voice: string, sentences: readonly string[] = SENTENCES): KnownVoice {
  return { name: voice, speech: sentences.map((text) => saidBy(voice, text)) };
}

/**
 * How exactly it can be known how loud a sound is, in decibels. A difference of one is about the least that is noticed.
 * Beside noise it is two: how loud 20 ms of white noise (320 samples) happen to be, and how they add up with a sound as
 * loud as they are, leaves that sound's energy unsure by a share of sqrt(2/320 + 4/320), so 0.6 dB; hardly ever by thrice that.
 */
const UNSURE_DB = 1;
const UNSURE_BESIDE_NOISE_DB = 2;

export type HearingDb = { readonly audibleDb?: number | undefined; readonly unsureDb?: number | undefined };

/**
 * The same errors for the same voice and line, on every machine. Hearing begins at `audibleDb` (dBFS) and at the noise,
 * and is unsure up to so many decibels more or less.
 */
export function errorsOn(line: Line, { name, speech }: KnownVoice, { audibleDb = AUDIBLE_DB, unsureDb }: HearingDb = {}): HeardErrors {
  const from = Math.max(meanSquareAt(audibleDb), audibleNoise(line));
  const unsure = 10 ** ((unsureDb ?? (line.noise ? UNSURE_BESIDE_NOISE_DB : UNSURE_DB)) / 10);
  return heardErrors(knownConversation(speech, line, seededRandom(`${name}, ${line.name}`), { from, unsure }));
}

/** Each kind of error of several conversations together. */
export function together(all: readonly HeardErrors[]): HeardErrors {
  const of = (kind: Exclude<keyof HeardErrors, 'lost'>): number[] => all.flatMap((errors) => errors[kind]);
  return {
    onset: of('onset'), end: of('end'), speech: of('speech'), response: of('response'), yield: of('yield'),
    talkOver: of('talkOver'), deadAir: of('deadAir'), score: of('score'),
    lost: all.reduce((sum, { lost }) => sum + lost, 0),
  };
}
