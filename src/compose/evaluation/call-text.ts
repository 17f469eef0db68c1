/**
 * A call as it is told to the model that evaluates it: what was heard, turn by turn, with times, and between the turns
 * what was thrown in and which tools were called. The turns have the numbers that they have in reports.
 */
import { takesFloor } from '../../metrics/conversation.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import type { Ending } from '../../run/conversation.ts';

type Row = { readonly atMs: number; readonly text: string };

export function callText({ turns, utterances, replies, roster }: RunFold, { endedBy, agent: endedByWhom }: Ending): string {
  const agents = roster.agents.map(({ name, role }) => `${name} ${role === 'system' ? 'is the agent' : 'is the user'}.`);
  const said = turns.map(({ index, agent, startMs, text, cut }): Row => ({ atMs: startMs, text: `${index + 1}. ${clock(startMs)} ${agent}: ${oneLine(text)}${cut ? ' (cut off)' : ''}` }));
  const thrownIn = utterances
    .filter(({ kind, text }) => !takesFloor(kind) && text !== '')
    .map(({ startMs, agent, kind, text }): Row => ({ atMs: startMs, text: `   ${clock(startMs)} ${agent}, meanwhile (${kind}): ${oneLine(text)}` }));
  const tools = replies.flatMap(({ agent, toolCalls }) =>
    toolCalls.flatMap(({ name, calledMs, answeredMs, arguments: given, result, failed }): Row[] => [
      { atMs: calledMs, text: `   ${clock(calledMs)} ${agent} calls ${name} ${JSON.stringify(given)}` },
      ...(answeredMs === null ? [] : [{ atMs: answeredMs, text: `   ${clock(answeredMs)} ${name} ${failed ? 'fails with' : 'answers'} ${JSON.stringify(result)}` }]),
    ]),
  );
  const rows = [...said, ...thrownIn, ...tools].toSorted((a, b) => a.atMs - b.atMs).map(({ text }) => text);
  const end = `The call was ended by ${endedBy}${endedByWhom === undefined ? '' : ` (${endedByWhom})`}.`;
  return [agents.join(' '), '', 'The call, as it was heard:', ...rows, end].join('\n');
}

function clock(ms: number): string {
  return `[${(ms / 1000).toFixed(1)} s]`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
