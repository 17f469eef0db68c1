/**
 * The end-of-turn strategy `silence`: the peer has finished when the VAD says that speech stopped. How long a pause
 * must be is then the VAD's stop_secs alone.
 */
import type { EndOfTurnStrategy } from './end-of-turn.ts';

export function silenceEndOfTurn(): EndOfTurnStrategy {
  return { name: 'silence', needsAudio: false, readsText: false, isComplete: () => true, close: () => {} };
}
