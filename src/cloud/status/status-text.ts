/** How an agent is, as lines for people. Everything that came from Pipecat Cloud is made fit for a terminal. */
import { displayable } from '../../base/display-text.ts';
import type { Paint } from '../../report/paint.ts';
import { textTable } from '../../report/text-columns.ts';
import type { AgentListing } from '../api/agent-answers.ts';
import type { CloudSession } from '../api/sessions.ts';
import { agoMs, type AgentStatus, type RevisionStatus, sessionEnd } from './agent-status.ts';

export type StatusText = { readonly paint: Paint; readonly epochMs: number };

const STYLES = { serving: 'bold', deploying: 'yellow', outdated: 'yellow', down: 'red' } as const;

export function statusText(status: AgentStatus, sessions: readonly CloudSession[], { paint, epochMs }: StatusText): string {
  const { agent, region, profile, state, summary, reasons, revisions } = status;
  const home = [region, profile].filter((part) => part !== undefined).join(', ');
  const rows: (readonly [string, string | undefined])[] = [
    ['image', status.image],
    ['version', join(status.version, status.deployedAt === undefined ? undefined : `deployed ${ago(agoMs(status.deployedAt, epochMs))}`)],
    ['instances', `${status.minAgents ?? '?'} to ${status.maxAgents ?? '?'}; sessions now: ${status.activeSessions ?? '?'}`],
    ['limits', status.maxSessionSecs === undefined ? undefined : `a session ends after ${length(status.maxSessionSecs * 1000)}`],
    ['secrets', join(...status.secretSets, status.imagePullSecret === undefined ? undefined : `image pulled with ${status.imagePullSecret}`)],
    // Why the newest is not well stands above already.
    ...revisions.map((each) => [each.which, revisionLine(each.which === 'newest' && reasons.length > 0 ? { ...each, health: [] } : each)] as const),
  ];
  const lines = rows.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [`  ${name.padEnd(10)} ${displayable(text)}`]));
  const why = reasons.map((reason) => `  ${' '.repeat(10)} ${paint('red', displayable(reason))}`);
  const head = `${paint(STYLES[state], `${agent}: ${displayable(summary)}`)}${home === '' ? '' : paint('dim', ` (${displayable(home)})`)}`;
  return `${[head, ...why, ...lines].join('\n')}\n${sessionsText(sessions, epochMs)}`;
}

export function agentsText(agents: readonly AgentListing[], epochMs: number): string {
  if (agents.length === 0) return 'There are no agents; bottalk deploy makes one.\n';
  const rows = agents.map(({ name, region, desiredDeploymentId, reconciledDeploymentId, updatedAt }) => [
    name,
    region ?? '-',
    desiredDeploymentId === reconciledDeploymentId ? 'taken up' : 'being deployed',
    ago(agoMs(updatedAt, epochMs)),
  ]);
  return `${textTable([['AGENT', 'REGION', 'NEWEST VERSION', 'CHANGED'], ...rows])}bottalk status <agent> tells more of one.\n`;
}

function revisionLine({ version, phase, ready, sinceMs, health }: RevisionStatus): string {
  const state = [phase?.toLowerCase() ?? 'in no known phase', sinceMs === undefined ? undefined : `for ${length(sinceMs)}`].filter((part) => part !== undefined).join(' ');
  return [version, state, ready === undefined ? undefined : `${ready} ready`, ...health].filter((part) => part !== undefined).join(', ');
}

function sessionsText(sessions: readonly CloudSession[], epochMs: number): string {
  if (sessions.length === 0) return '\nThere were no sessions.\n';
  const rows = sessions.map((session) => [
    session.sessionId,
    ago(agoMs(session.createdAt, epochMs)),
    sessionEnd(session) ?? 'runs',
    lasted(session, epochMs),
    [session.coldStart === true ? 'cold' : undefined, session.botStartSeconds === undefined ? undefined : `${session.botStartSeconds} s`].filter((part) => part !== undefined).join(', ') || '-',
  ]);
  return `\n${textTable([['SESSION', 'BEGAN', 'STATE', 'LASTED', 'START'], ...rows])}`;
}

function lasted({ createdAt, endedAt }: CloudSession, epochMs: number): string {
  const beganMs = createdAt === undefined ? Number.NaN : Date.parse(createdAt);
  const endMs = endedAt === undefined ? epochMs : Date.parse(endedAt);
  return Number.isNaN(endMs - beganMs) ? '-' : length(Math.max(0, endMs - beganMs));
}

function ago(ms: number | undefined): string {
  return ms === undefined ? '-' : `${length(ms)} ago`;
}

/** Two units at most, for nobody plans by more. */
function length(ms: number): string {
  const secs = Math.round(ms / 1000);
  if (secs < 120) return `${secs} s`;
  const minutes = Math.round(secs / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
