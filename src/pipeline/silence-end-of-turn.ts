/**
 * The end-of-turn strategy `silence`: the peer has finished when the VAD says that speech stopped. How long a pause
 * must be is then the VAD's stop_secs alone.
 */
import type { SpotStrategy } from './end-of-turn.ts';

export function silenceEndOfTurn(): SpotStrategy {
  return { name: 'silence', needsAudio: false, readsText: false, isComplete: () => true, close: () => {} };
}
