/** Which events a reader of plain lines wants to see, and what they say. Most say nothing. */
import type { BottalkEvent, EventOf } from '../events/event.ts';
import { takesFloor } from '../metrics/conversation.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import { secs } from './figures.ts';
import type { Style } from './paint.ts';
import { spokenLine } from './spoken.ts';
import { judgedText, questionText } from './judged-text.ts';
import { oneLine, shorten } from './text-columns.ts';

export type PlainLine = {
  readonly atMs?: number;
  /** Who it is of; an agent's, or what kind of line it is. */
  readonly name: string;
  readonly text: string;
  /** At the right edge: the response latency as heard. Lines without that column get its room. */
  readonly margin?: string;
  readonly style?: Style;
};

/** A tool's arguments and answers can be long; all of it is in the log. */
const LONGEST_JSON = 120;

/** The lines for one event, of which the fold was told already. */
export function eventLine(event: BottalkEvent, fold: RunFold): PlainLine[] {
  const { atMs } = event;
  switch (event.type) {
    case 'run.started':
      return header(event);
    case 'room.opened':
      return [{ atMs, name: 'room', text: `people can join at ${oneLine(event.url)}`, style: 'bold' }];
    case 'transcript.published':
      // What an agent says is known word for word.
      return event.final && !fold.roster.isAgent(fold.roster.nameOf(event.participant))
        ? [{ atMs: event.startMs, name: oneLine(fold.roster.nameOf(event.participant)), text: oneLine(event.text) }]
        : [];
    case 'participant.joined':
      return [{ atMs, name: oneLine(event.name), text: 'joined', style: 'dim' }];
    case 'participant.left':
      return [{ atMs, name: oneLine(event.name), text: `left (${oneLine(event.reason)})`, style: 'dim' }];
    case 'grace.started':
      return [{ atMs, name: oneLine(event.agent), text: `waits for ${oneLine(fold.roster.nameOf(event.participant))} to come back`, style: 'dim' }];
    case 'utterance.stopped':
      return spoken(event, fold);
    case 'tool.called':
      return [{ atMs, name: oneLine(event.agent), text: `calls ${oneLine(event.name)} ${json(event.arguments)}`, style: 'dim' }];
    case 'tool.answered':
      return [{ atMs, name: oneLine(event.agent), text: `${oneLine(event.name)} ${event.failed ? 'fails' : 'answers'} ${json(event.result)}`, style: event.failed ? 'yellow' : 'dim' }];
    case 'llm.failed':
    case 'tts.failed':
      return [{ atMs, name: oneLine(event.agent), text: failed(event), style: 'red' }];
    case 'llm.retried':
    case 'tts.retried':
    case 'judge.retried':
      return [{ atMs, name: oneLine(event.agent), text: askedAgain(event), style: 'yellow' }];
    case 'judge.failed':
      return [{ atMs, name: oneLine(event.agent), text: `cannot tell whether the turn is over: ${failed(event)}`, style: 'red' }];
    case 'stt.failed':
      return [{ atMs, name: oneLine(fold.roster.nameOf(event.participant)), text: `is not understood: ${failed(event)}`, style: 'red' }];
    case 'stt.retried':
      return [{ atMs, name: oneLine(fold.roster.nameOf(event.participant)), text: askedAgain(event), style: 'yellow' }];
    case 'evaluation.retried':
      return [{ atMs, name: 'judge', text: askedAgain(event), style: 'yellow' }];
    case 'evaluation.undecided':
      return [{ atMs, name: 'judge', text: `cannot decide ${questionText(event.about)}: ${oneLine(event.message)}`, style: 'red' }];
    case 'criterion.judged':
    case 'kpis.judged':
    case 'role.judged':
      return [{ atMs, name: 'judge', text: oneLine(judgedText(event)), style: 'dim' }];
    case 'warning.raised':
      return [{ atMs, name: 'warning', text: (event.agent === undefined ? '' : `${oneLine(event.agent)}: `) + oneLine(event.message), style: 'yellow' }];
    case 'run.ended':
      return [{ atMs, name: 'ended', text: endText(event) }];
    default:
      return [];
  }
}

function header({ scenario, seed, room, transcription, replay, evaluator, agents }: EventOf<'run.started'>): PlainLine[] {
  const facts = [
    oneLine(String(scenario['title'] ?? '')),
    `seed ${seed}`,
    `${oneLine(room)} room`,
    ...(transcription === room ? [] : [`${oneLine(transcription)} transcription`]),
    ...(replay === undefined ? [] : [`recorded answers in their order, for their ${replay} only`]),
  ];
  return [
    { name: 'run', text: facts.join(', '), style: 'bold' },
    ...agents.map(({ name, goesFirst, llm, llmModel, tts, voice, vad, endOfTurn }) => ({
      name: oneLine(name),
      text: oneLine(
        [
          llmModel === '' || llmModel === llm ? llm : `${llm} ${llmModel}`,
          // Of an agent that runs elsewhere and never came, nobody knows the voice.
          voice === '' ? tts : `${tts} voice ${voice}`,
          `VAD ${vad}`,
          `end of turn ${endOfTurn}`,
          ...(goesFirst ? ['goes first'] : []),
        ].join(', '),
      ),
      style: 'dim' as const,
    })),
    ...(evaluator ? [{ name: 'judge', text: oneLine(`${evaluator.provider} ${evaluator.model}, when the call is over`), style: 'dim' as const }] : []),
  ];
}

/** Latency stands beside what opened a turn: the gap to the peer's last words, negative when it began over them. */
function spoken({ utteranceId }: EventOf<'utterance.stopped'>, { utterances, turns }: RunFold): PlainLine[] {
  const utterance = utterances.findLast((candidate) => candidate.utteranceId === utteranceId);
  if (!utterance) return [];
  const opened = turns.find((turn) => turn.utterances[0].utteranceId === utteranceId);
  return [
    {
      atMs: utterance.startMs,
      name: oneLine(utterance.agent),
      text: spokenLine(utterance),
      margin: secs(opened?.gapMs ?? null),
      ...(takesFloor(utterance.kind) ? {} : { style: 'dim' as const }),
    },
  ];
}

type Failure = { readonly provider: string; readonly kind: string; readonly message: string };

function failed({ provider, kind, message }: Failure): string {
  return `${oneLine(provider)} failed (${kind}): ${oneLine(message)}`;
}

function askedAgain({ provider, kind, message, retryInMs }: Failure & { readonly retryInMs: number }): string {
  return `${oneLine(provider)} is asked again ${soon(retryInMs)} (${kind}): ${oneLine(message)}`;
}

function soon(ms: number): string {
  return ms === 0 ? 'at once' : `in ${secs(ms)}`;
}

function json(value: unknown): string {
  return shorten(oneLine(JSON.stringify(value) ?? ''), LONGEST_JSON);
}

function endText({ endedBy, agent, reason }: EventOf<'run.ended'>): string {
  return [endedBy, agent === undefined ? '' : ` (${oneLine(agent)})`, reason === undefined ? '' : `: ${oneLine(reason)}`].join('');
}
