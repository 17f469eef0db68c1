/** A recording that is played in the place of the world, as everybody is told of it. */
import type { Playback } from '../providers/cassette/playback.ts';

/** What is known of a recording that is played, whatever has been played of it. */
export type Replay = Pick<Playback, 'cassette' | 'mode'>;

/** Whether nothing of the world is needed. */
export function playsAlone(replay: Pick<Replay, 'mode'> | undefined): boolean {
  return replay !== undefined && replay.mode !== 'refresh';
}
