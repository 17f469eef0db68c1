/**
 * An event log as lines to read and to compare: who did what in which order, and every word. No times and nothing
 * that hangs on one window of the VAD, so that the outline of a call is the same on every kind of machine.
 */
import type { BottalkEvent } from '../events/event.ts';
import { Roster } from '../metrics/roster.ts';

export function outlineOf(events: readonly BottalkEvent[]): string {
  const roster = new Roster();
  const lines = events.flatMap((event) => {
    roster.event(event);
    return lineOf(event, roster) ?? [];
  });
  return `${lines.join('\n')}\n`;
}

function lineOf(event: BottalkEvent, roster: Roster): string | undefined {
  switch (event.type) {
    case 'run.started': {
      const agents = event.agents.map((agent) => {
        const { name, role, goesFirst, llm, llmModel, tts, ttsModel, voice, vad, endOfTurn } = agent;
        return `${name} (${role}${goesFirst ? ', goes first' : ''}): ${llm}/${llmModel}, ${tts}/${ttsModel}/${voice}, ${vad}, ${endOfTurn}`;
      });
      return [`"${String(event.scenario['title'])}", seed ${event.seed}, ${event.room} room, ${event.clock} clock`, ...agents].join('\n');
    }
    case 'run.ended':
      return said('run', `ended by ${event.endedBy}`, event.agent ?? event.reason);
    case 'warning.raised':
      return said(event.agent ?? 'run', 'warning', event.message);
    case 'participant.joined':
      return said(event.name, 'joined');
    case 'participant.left':
      return said(event.name, 'left', event.reason);
    case 'app_message.sent':
      return said(roster.nameOf(event.participant), 'sent', JSON.stringify(event.data));
    case 'transcript.published':
      return event.final ? said(roster.nameOf(event.participant), 'transcribed', event.text) : undefined;
    case 'turn.stopped':
      return said(event.agent, `took the turn by ${event.by}`, event.text);
    case 'reply.started':
      return said(event.agent, `${event.kind === 'reply' ? 'answers' : 'breaks in'} ${event.replyId}`, event.cause);
    case 'reply.deferred':
      return said(event.agent, 'answers later', event.turnId);
    case 'utterance.stopped':
      return said(event.agent, `${event.kind}${event.cut ? ' cut' : ''}`, event.words.map(({ text }) => text).join(' '));
    case 'reply.stopped':
      return said(event.agent, `${event.outcome} ${event.replyId}`, event.unheard === '' ? undefined : `unheard: ${event.unheard}`);
    case 'llm.retried':
    case 'tts.retried':
    case 'llm.failed':
    case 'tts.failed':
      return said(event.agent, `${event.type} ${event.kind}`, event.message);
    case 'context.appended':
      return event.role === 'system' ? said(event.agent, 'is told', event.text.replaceAll('\n', ' / ')) : undefined;
    case 'context.amended':
      return said(event.agent, 'heard rather', event.text);
    case 'tool.called':
      return said(event.agent, `calls ${event.name}`, JSON.stringify(event.arguments));
    case 'tool.answered':
      return said(event.agent, `${event.failed ? 'fails' : 'gets'} ${event.name}`, JSON.stringify(event.result));
    case 'grace.started':
      return said(event.agent, 'waits for', roster.nameOf(event.participant));
    case 'grace.ended':
      return said(event.agent, event.returned ? 'has its peer back' : 'gives its peer up');
    case 'call.ending':
      return said(event.agent ?? 'run', 'ends the call', event.endedBy);
    default:
      return undefined;
  }
}

function said(who: string, what: string, more?: string): string {
  return more === undefined ? `${who} ${what}` : `${who} ${what}: ${more}`;
}
