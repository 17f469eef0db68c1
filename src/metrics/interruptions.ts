/** Who spoke over whom to take the floor, and whether that was yielded. Backchannels, tics and asides are no interruptions. */
import { takesFloor, type Utterance } from './conversation.ts';

/** Call milliseconds. */
export type Interruption = {
  /** Who was speaking, and who began over it. */
  readonly agent: string;
  readonly by: string;
  readonly interrupted: Utterance;
  readonly startMs: number;
  /** From the interruption's start to the end of the speech begun before; null while that lasts. */
  readonly yieldMs: number | null;
  /** That speech was cut off, not merely about to end. */
  readonly cut: boolean;
};

/** Every floor-taking utterance that began while the other one's was sounding, in order. */
export function interruptionsOf(utterances: readonly Utterance[]): Interruption[] {
  const speech = utterances.filter(({ kind }) => takesFloor(kind));
  return speech.flatMap((begun) => {
    const interrupted = speech.find((other) => other.agent !== begun.agent && soundsAt(other, begun.startMs));
    if (!interrupted) return [];
    const { agent, endMs, cut } = interrupted;
    return [{ agent, by: begun.agent, interrupted, startMs: begun.startMs, yieldMs: endMs === null ? null : endMs - begun.startMs, cut }];
  });
}

/** Whether it had begun before this moment and had not ended; its own pauses count as sounding. */
export function soundsAt(utterance: Utterance, atMs: number): boolean {
  return utterance.startMs < atMs && (utterance.endMs === null || atMs < utterance.endMs);
}
