/** The recording of a run as everybody is given it: two tracks, in an order that does not depend on who joined first. */
import type { Recorder } from '../room/recorder.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** Who goes first comes first; in a stereo file that is the left side. */
export function tracksOf({ agents }: Scenario, recorder: Recorder): readonly [Int16Array, Int16Array] {
  const track = (goesFirst: boolean): Int16Array => recorder.track(agents.find((agent) => agent.goes_first === goesFirst)?.name ?? '');
  return [track(true), track(false)];
}
