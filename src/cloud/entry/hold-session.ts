/**
 * Holds one session: its agent takes part in the call that it was asked into, and what happens goes into the log of the
 * entry. This is where everything heavy hangs; it is loaded when a session begins, or ahead of it.
 */
import { cacheFolder } from '../../base/cache-folder.ts';
import { ProviderError, reasonOf, UsageError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { modelFolder } from '../../compose/cache-folders.ts';
import { type LoneRunOptions, runLoneAgent } from '../../compose/lone-run.ts';
import { openIngest } from '../../compose/open-ingest.ts';
import { readSecrets, type Secrets } from '../../compose/secrets.ts';
import type { BottalkEvent } from '../../events/event.ts';
import type { Sink } from '../../events/log.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import { givenRoom } from '../../providers/daily/given-room.ts';
import { DailyRest } from '../../providers/daily/rest.ts';
import { eventLine } from '../../report/plain-line.ts';
import type { Ending } from '../../run/conversation.ts';
import type { EntryLog } from './entry-log.ts';
import type { EntrySettings } from './entry-settings.ts';
import { sessionCase } from './session-case.ts';
import { summaryOfSession } from './session-figures.ts';
import type { SessionEnd, SessionTies } from './session-slot.ts';
import { ToldSession } from './told-session.ts';

export type HoldOptions = {
  readonly wall: WallClock;
  readonly log: EntryLog;
  readonly settings: EntrySettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly patience?: LoneRunOptions['patience'];
};

const WHERE = 'bottalk.session';

/** Never rejects: whatever goes wrong stands in the log, in one line. */
export async function holdSession(ties: SessionTies, options: HoldOptions): Promise<SessionEnd> {
  const { log, settings } = options;
  const about = JSON.stringify({ session_id: ties.sessionId, image_version: settings.imageVersion });
  log.info(WHERE, `starting ${about}`);
  const seen = { isSeated: false };
  const end = await hold(ties, seen, options).then(
    (ending) => endOf(ending, seen.isSeated),
    (error: unknown) => broken(troubleOf(error), seen.isSeated),
  );
  if (!end.held) log.error(WHERE, `could not be held: ${end.message}`);
  else if (end.isBroken) log.error(WHERE, `was broken off: ${end.how}`);
  else log.info(WHERE, `ended by ${end.how}`);
  if (seen.isSeated) log.info(WHERE, `figures ${JSON.stringify(summaryOfSession(ties.view()))}`);
  log.info(WHERE, `stopped ${about}`);
  return end.held ? { held: true } : { held: false, message: end.message };
}

type Outcome = { readonly held: true; readonly how: string; readonly isBroken: boolean } | { readonly held: false; readonly message: string };

/** What the world has against an agent before it takes its seat ends the call without an error being thrown. */
function endOf({ endedBy, agent, reason }: Ending, isSeated: boolean): Outcome {
  if (endedBy === 'error') return broken(reason ?? endedBy, isSeated);
  return { held: true, how: `${endedBy}${agent === undefined ? '' : ` (${agent})`}${reason === undefined ? '' : `: ${reason}`}`, isBroken: false };
}

function broken(why: string, isSeated: boolean): Outcome {
  return isSeated ? { held: true, how: why, isBroken: true } : { held: false, message: why };
}

function troubleOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof ProviderError || !(error instanceof Error)) return reasonOf(error);
  return `this is a bug of ours: ${error.stack ?? error.message}`;
}

async function hold(ties: SessionTies, seen: { isSeated: boolean }, { wall, log, settings, env, patience }: HoldOptions): Promise<Ending> {
  const { order, sessionId, fold, tell, signal, stop } = ties;
  const secrets = readSecrets('.', env);
  log.hide(...Object.entries(secrets).flatMap(([name, value]) => (name.endsWith('_KEY') ? [value] : [])), order.token);
  const startedAt = new Date(wall.epochMs()).toISOString();
  const { of, order: which } = sessionCase(order, { startedAt, judgeModel: settings.judgeModel });
  const own = of.scenario.agents[which];
  const { name, goes_first: goesFirst } = own;
  const label = { session_id: sessionId ?? `${name}-${Math.round(wall.epochMs() / 1000)}`, agent_name: name, room_url: order.room_url, goes_first: goesFirst };
  tell({ label });
  const warn = (text: string): void => log.warn(WHERE, text);
  const seat: Sink = {
    event: (event) => {
      if (seen.isSeated || event.type !== 'participant.joined' || event.name !== name) return;
      seen.isSeated = true;
      tell({ startEpochMs: wall.epochMs() - event.atMs });
    },
  };
  const told = order.scenario_agent?.tell === 'events' ? new ToldSession({ by: { agent: name, order: which }, token: order.token, wall, stop }) : undefined;
  const ingest = openIngest({ secrets, wall, onWarning: warn, session: label.session_id });
  const cache = cacheFolder(env);
  const onNotStarted = (error: unknown): void => warn(`transcription could not be started: ${reasonOf(error)}`);
  try {
    return await runLoneAgent(of, {
      wall,
      secrets,
      order: which,
      room: givenRoom({ url: order.room_url, token: order.token, isTranscribedByUs: goesFirst && !told, rest: restFor(secrets, wall), onNotStarted }),
      fold,
      sinks: [seat, linesOf(fold, log), ...(ingest ? [ingest] : []), ...(told ? [told] : [])],
      cacheFolder: cache,
      modelFolder: modelFolder(cache),
      patience,
      peerWaitMs: settings.peerWaitSecs * 1000,
      signal,
      onWarning: warn,
      through: told && ((room, call) => told.through(room, call)),
    });
  } finally {
    await ingest?.close();
  }
}

/** Whoever goes first has the room transcribed, unless a run listens, which does so itself. */
function restFor({ DAILY_API_KEY: apiKey, DAILY_BASE_URL: baseUrl }: Secrets, wall: WallClock): DailyRest | undefined {
  return apiKey === undefined ? undefined : new DailyRest({ wall, apiKey, ...(baseUrl !== undefined && { baseUrl }) });
}

/** What happens, as a reader of plain lines is told it. */
function linesOf(fold: RunFold, log: EntryLog): Sink {
  return {
    event: (event) => {
      if (event.type === 'run.started' || event.type === 'room.opened' || event.type === 'run.ended') return;
      for (const { name, text, style } of eventLine(event, fold)) {
        const line = `${name}: ${text}`;
        if (style === 'red') log.error(WHERE, line);
        else if (event.type === 'warning.raised' || style === 'yellow') log.warn(WHERE, line);
        else if (isMilestone(event)) log.info(WHERE, line);
        else log.debug(WHERE, line);
      }
    },
  };
}

function isMilestone({ type }: BottalkEvent): boolean {
  return type === 'participant.joined' || type === 'participant.left' || type === 'grace.started';
}
