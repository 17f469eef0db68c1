/**
 * The metrics that a run tells its room. In virtual time their ids and times come from the seed and from `started_at`,
 * so that a guest of the same run is told the same; in a room of the world they are the world's.
 */
import type { Random } from '../base/random.ts';
import type { Clock } from '../clock/clock.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { MetricsBroadcast } from '../run/metrics-broadcast.ts';
import type { Scenario } from '../scenarios/scenario.ts';

export type BroadcastOptions = { readonly clock: Clock; readonly wall: WallClock; readonly random: Random };

export function openBroadcast({ agents, started_at: startedAt }: Scenario, { clock, wall, random }: BroadcastOptions): MetricsBroadcast {
  const knownAgents = agents.map(({ name }) => name);
  if (clock.kind === 'virtual') {
    return new MetricsBroadcast({ clock, knownAgents, ids: random.fork('metrics'), startEpochMs: () => Date.parse(startedAt) });
  }
  // Two calls of one seed are two calls in the world, and whoever collects from both must be able to tell their messages apart.
  const ids = random.fork('metrics').fork(wall.epochMs());
  return new MetricsBroadcast({ clock, knownAgents, ids, startEpochMs: () => wall.epochMs() - clock.nowMs() });
}
