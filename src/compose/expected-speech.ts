/** What will probably be said, in the order in which it will be needed, so that the voice can work ahead. */
import { sentencesOf } from '../pipeline/sentence-splitter.ts';

type Speaker = { readonly voice: string; readonly texts: readonly string[] };

/** The sentences of both speakers' lines, line by line in turn. */
export function expectedSpeech(speakers: readonly Speaker[]): { readonly voice: string; readonly text: string }[] {
  const rounds = Math.max(0, ...speakers.map(({ texts }) => texts.length));
  const spoken = ({ voice, texts }: Speaker, round: number) => sentencesOf(texts[round] ?? '').map((text) => ({ voice, text }));
  return Array.from({ length: rounds }, (_, round) => speakers.flatMap((speaker) => spoken(speaker, round))).flat();
}
