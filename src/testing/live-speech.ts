/** Has a voice of the world speak, and reads what arrives. */
import { samplesToMs } from '../audio/format.ts';
import { ProviderError } from '../base/errors.ts';
import type { Arrival } from '../clock/arrival.ts';
import type { LiveTts, LiveTtsContext } from '../pipeline/live-tts.ts';
import type { TtsChunk } from '../pipeline/tts.ts';

export type Speech = readonly Arrival<TtsChunk>[];

/** A signal that never aborts. */
export const NEVER = new AbortController().signal;

/** Opens a context and gives it all of a reply. */
export function say(tts: LiveTts, sentences: readonly string[], { replyId = 'reply-1', voice = 'rachel', agent = 'System', signal = NEVER } = {}): LiveTtsContext {
  const context = tts.open({ agent, replyId, voice }, signal);
  for (const sentence of sentences) context.send(sentence);
  context.end();
  return context;
}

export async function listen(context: LiveTtsContext): Promise<Speech> {
  const arrivals: Arrival<TtsChunk>[] = [];
  for await (const arrival of context.arrivals()) arrivals.push(arrival);
  return arrivals;
}

/** How a context fails. */
export async function failureOf(context: LiveTtsContext): Promise<ProviderError> {
  try {
    await listen(context);
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** The words with the times at which they begin and end in the whole of the speech. */
export function timedWords(speech: Speech): [string, number, number][] {
  let firstSample = 0;
  return speech.flatMap(({ value: { samples, words } }) => {
    const from = firstSample;
    firstSample += samples.length;
    return words.map(({ text, startSample, endSample }): [string, number, number] => [text, samplesToMs(from + startSample), samplesToMs(from + endSample)]);
  });
}

export function spokenWords(speech: Speech): string {
  return timedWords(speech)
    .map(([word]) => word)
    .join(' ');
}

export function soundMs(speech: Speech): number {
  return samplesToMs(speech.reduce((sum, { value }) => sum + value.samples.length, 0));
}
