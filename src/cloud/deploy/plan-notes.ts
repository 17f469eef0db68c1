/** What a user should know of a deployment before it is made: what it costs while nobody calls, and what surprises later. */
import { isMutable, readImageName } from './image-name.ts';
import type { PlannedRequest } from './deploy-diff.ts';
import type { AgentDetails } from '../api/agent-answers.ts';

const MINUTES_A_DAY = 1_440;
/** Pipecat Cloud's own limit and profile where nothing is said. */
const LONGEST_SESSION_SECS = 7_200;
const PROFILE = 'agent-1x';
/** Half a CPU, which the beginning of a call uses up; docs/pipecat-cloud.md has the figures. */
const SMALL = 'agent-1x';

/** One line each. What the request leaves out stays as it runs. */
export function planNotes(request: PlannedRequest, running: AgentDetails | undefined): readonly string[] {
  const scaling = running?.autoScaling ?? running?.deployment?.manifest?.spec?.autoScaling;
  const least = request.autoScaling?.minAgents ?? scaling?.minReplicas ?? 0;
  const most = request.autoScaling?.maxAgents ?? scaling?.maxReplicas;
  const limitSecs = request.maxSessionDuration ?? running?.deployment?.manifest?.spec?.maxSessionDurationSeconds ?? LONGEST_SESSION_SECS;
  const profile = request.agentProfile ?? running?.agentProfile ?? PROFILE;
  const image = request.image === undefined ? undefined : readImageName(request.image);
  return [
    least > 0
      ? `cost: ${least} warm ${least === 1 ? 'instance' : 'instances'} of ${profile} ${least === 1 ? 'is' : 'are'} billed day and night, ${least * MINUTES_A_DAY} minutes a day; --min-agents 0 keeps none`
      : 'no warm instances: whoever calls first waits for a cold start, ten seconds or more',
    ...(profile === SMALL && request.resources === undefined
      ? [`${SMALL} is enough to talk, but its half CPU is used up while a call begins: runs that measure latencies may be invalid; agent-2x has enough`]
      : []),
    ...(most !== undefined && most < 2 ? ['a conversation of two agents needs two instances: with --max-agents 1 its second session is refused'] : []),
    ...(limitSecs >= LONGEST_SESSION_SECS ? [`a session that nobody stops is billed for up to ${limitSecs / 60} minutes; max_session_duration = 900 is enough for most calls`] : []),
    ...(image && isMutable(image)
      ? [`${image.tag} is a tag that moves: Pipecat Cloud notices no new image under it, and warm instances keep the old one; deploy a commit's tag or a digest`]
      : []),
  ];
}
