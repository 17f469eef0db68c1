/** Waits for an agent of which nothing is heard, and asks after its session meanwhile: what has ended will not come any more. */
import { unlessAborted } from '../../base/unless-aborted.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { ArrivedAgent, CloudAgent } from './cloud-agent.ts';
import type { SessionPair } from './session-pair.ts';

export type AgentWaits = {
  readonly wall: WallClock;
  readonly sessions: SessionPair;
  /** How long an agent may take from the start of its session into the room. */
  readonly arriveMs: number;
  /** How often a session is asked after, of which nothing is heard. */
  readonly lookMs: number;
  /** Aborted when nothing is waited for any more. */
  readonly signal: AbortSignal;
};

/** Resolves when it is in the room and ready to talk. Rejects with why it will not be, or with the signal's reason. */
export async function arrivalOf(agent: CloudAgent, waits: AgentWaits): Promise<ArrivedAgent> {
  const { wall, arriveMs, signal } = waits;
  const waiting = new AbortController();
  const cancel = wall.after(arriveMs, () => agent.lose(agent.isPresent ? `${agent.name} ${MUTE}` : `${agent.name} did not come into the room within ${arriveMs / 1000} s`));
  void watch(agent, { ...waits, signal: waiting.signal }, () => true);
  try {
    return await unlessAborted(agent.arrived, signal);
  } finally {
    cancel();
    waiting.abort();
  }
}

/** It left without a word: a seat that was lost is taken again, a session that ended is not. Never rejects. */
export function watchMissing(agent: CloudAgent, waits: AgentWaits): Promise<void> {
  return watch(agent, waits, () => agent.isMissing);
}

const MUTE = "came into the room and told nothing of itself; is the deployed image one of this bottalk's?";

async function watch(agent: CloudAgent, { wall, sessions, lookMs, signal }: AgentWaits, isNeeded: () => boolean): Promise<void> {
  while (!signal.aborted && isNeeded()) {
    const how = await sessions.endOf(agent.name, signal);
    if (signal.aborted || !isNeeded()) return;
    if (how !== undefined) return agent.lose(how);
    await wall.sleep(lookMs, signal).catch(() => undefined);
  }
}
