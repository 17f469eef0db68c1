/** Has a transcription of the world listen, and reads what arrives. */
import type { LivePiece } from '../clock/live-answer.ts';
import type { HeardText, LiveStt } from '../room/live-stt.ts';

/** Everything that arrives, the last piece included. */
export async function piecesHeard(stt: LiveStt, samples: Int16Array, signal: AbortSignal = new AbortController().signal): Promise<LivePiece<HeardText>[]> {
  const pieces: LivePiece<HeardText>[] = [];
  for await (const { value } of stt.transcribe({ speaker: 'Sarah', samples }, signal)) pieces.push(value);
  return pieces;
}
