/** Has a voice of the world speak, and reads what arrives. */
import { samplesToMs } from '../audio/format.ts';
import type { ProviderError } from '../base/errors.ts';
import type { Arrival } from '../clock/arrival.ts';
import { type LivePiece, providerError, type Retry } from '../clock/live-answer.ts';
import type { LiveTts, LiveTtsContext, Sound } from '../pipeline/live-tts.ts';

export type Speech = readonly Arrival<Sound>[];

/** A signal that never aborts. */
export const NEVER = new AbortController().signal;

/** Opens a context and gives it all of a reply. */
export function say(tts: LiveTts, sentences: readonly string[], { replyId = 'reply-1', voice = 'rachel', agent = 'System', signal = NEVER } = {}): LiveTtsContext {
  const context = tts.open({ agent, replyId, voice }, signal);
  for (const sentence of sentences) context.send(sentence);
  context.end();
  return context;
}

/** The sound of it; throws what it failed with. */
export async function listen(context: LiveTtsContext, onRetry: (retry: Retry) => void = () => undefined): Promise<Speech> {
  const sounds: Arrival<Sound>[] = [];
  for await (const { offsetMs, value } of context.arrivals()) {
    if (value.kind === 'sound') sounds.push({ offsetMs, value });
    else if (value.kind === 'retrying') onRetry(value);
    else if (value.kind === 'failed') throw providerError(value.failure);
  }
  return sounds;
}

/** Everything that arrives, the last piece included. */
export async function piecesOf(context: LiveTtsContext): Promise<readonly LivePiece<Sound>[]> {
  const pieces: LivePiece<Sound>[] = [];
  for await (const { value } of context.arrivals()) pieces.push(value);
  return pieces;
}

/** How a context fails. */
export async function failureOf(context: LiveTtsContext, onRetry?: (retry: Retry) => void): Promise<ProviderError> {
  try {
    await listen(context, onRetry);
  } catch (error) {
    if ((error as Error).name === 'ProviderError') return error as ProviderError;
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
