/** Whose errors are measured: sung vowels, the three offline voices that are quiet between words, and the robot that hisses. */
import { meanSquareAt } from '../../audio/level.ts';
import { seededRandom } from '../../base/random.ts';
import { AUDIBLE_DB } from './audible-edges.ts';
import type { HeardErrors } from './heard-errors.ts';
import { type KnownConversation, knownConversation } from './known-conversation.ts';
import { type KnownSpeech, saidBy, SENTENCES, sung } from './known-speech.ts';
import type { Line } from './line.ts';

export type KnownVoice = { readonly name: string; readonly speech: readonly KnownSpeech[] };

export function sungVoice(count: number): KnownVoice {
  const random = seededRandom('sung');
  return { name: 'sung', speech: Array.from({ length: count }, (_, n) => sung(random.fork(n), { breathy: n % 4 === 3 })) };
}

/** The robot's name is otto. */
export function offlineVoice(voice: string, sentences: readonly string[] = SENTENCES): KnownVoice {
  return { name: voice, speech: sentences.map((text) => saidBy(voice, text)) };
}

/** The same conversation for the same voice and line, on every machine. Hearing begins at `audibleDb` (dBFS) and at the noise. */
export function conversationOn(line: Line, { name, speech }: KnownVoice, audibleDb = AUDIBLE_DB): KnownConversation {
  return knownConversation(speech, line, seededRandom(`${name}, ${line.name}`), meanSquareAt(audibleDb));
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
