/** What is in a cassette: an overview to read, the same as data, and one call in full. */
import { samplesToMs } from '../audio/format.ts';
import { UsageError } from '../base/errors.ts';
import type { OpenedCassette } from '../compose/open-cassette.ts';
import { CASSETTE_FORMAT, type CassetteCall } from '../providers/cassette/cassette.ts';
import { fingerprintOf } from '../providers/cassette/call-request.ts';
import { isSound, soundOf } from '../providers/cassette/cassette-text.ts';
import { callTime } from '../report/figures.ts';
import { leftTable, oneLine, shorten, table } from '../report/text-columns.ts';

/** A line of the list of calls is not longer than a terminal is wide. */
const TEXT_COLUMNS = 38;

export function cassetteOverview(opened: OpenedCassette): string {
  const { title, seed, variables = {}, maxTurns, agents, bottalk, totals } = cassetteFacts(opened);
  const { calls } = opened.cassette;
  const number = (count: number): string => (count === 0 ? '-' : String(count));
  const totalRows = totals.map(({ agent, kind, calls: count, failed_tries: tries, failed, given_up: givenUp, unused, sound_secs: seconds }) => [
    `${oneLine(agent)}, ${kind}`,
    String(count),
    number(tries),
    number(failed),
    number(givenUp),
    number(unused),
    seconds === 0 ? '-' : `${seconds.toFixed(1)} s`,
  ]);
  const callRows = calls.map((call, i) => [
    `${String(i + 1).padStart(String(calls.length).length)}  ${callTime(call.atMs).padStart(7)}  ${oneLine(call.agent)}`,
    call.kind,
    `${shorten(oneLine(askedText(call)), TEXT_COLUMNS)}`,
    outcomeOf(call),
  ]);
  return [
    `${oneLine(title)}, seed ${seed}${maxTurns === undefined ? '' : `, --max-turns ${maxTurns}`}`,
    ...Object.entries(variables).map(([name, text]) => `  ${oneLine(`--var ${name}=${JSON.stringify(text)}`)}`),
    `  ${opened.file}: ${kilobytes(opened.bytes)}, format ${CASSETTE_FORMAT}, written by bottalk ${oneLine(bottalk)}`,
    ...agents.map(({ name, llm, llmModel, tts, ttsModel, voice }) => `  ${oneLine(name)}: ${named(llm, llmModel)}, ${named(tts, ttsModel)} voice ${oneLine(voice)}`),
    '',
    ...table([['calls of', 'all', 'failed tries', 'failed', 'given up', 'unused', 'sound'], ...totalRows]).map((line) => `  ${line}`),
    '',
    ...leftTable(callRows).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** What `--json` prints; names with units as in metrics.json. */
export function cassetteFacts({ file, bytes, sha256, cassette: { header, calls } }: OpenedCassette) {
  const groups = Map.groupBy(calls, ({ agent, kind }) => JSON.stringify([agent, kind]));
  const totals = [...groups.values()].map((group) => {
    const [{ agent, kind }] = group as [CassetteCall];
    const count = (wanted: (call: CassetteCall) => boolean): number => group.filter(wanted).length;
    return {
      agent,
      kind,
      calls: group.length,
      failed_tries: group.reduce((sum, { pieces }) => sum + pieces.filter(({ value }) => value.kind === 'retrying').length, 0),
      failed: count((call) => outcomeOf(call) === 'failed'),
      given_up: count((call) => outcomeOf(call) === 'given up'),
      unused: count(({ unused }) => unused === true),
      sound_secs: group.reduce((sum, call) => sum + soundMs(call), 0) / 1000,
    };
  });
  return { file, bytes, sha256, format: CASSETTE_FORMAT, ...header, totals };
}

/** Counts from 1. Throws a UsageError if there is none of that number. */
export function callInFull({ cassette: { calls } }: OpenedCassette, number: number) {
  const call = calls[number - 1];
  if (!call) throw new UsageError(`the cassette has no call ${number}`, `it has ${calls.length}`);
  const pieces = call.pieces.map(({ offsetMs, value }) => ({ offsetMs, ...(isSound(value) ? { ...value, samples: value.samples.length } : value) }));
  return { ...call, fingerprint: fingerprintOf(call.request), pieces };
}

function askedText({ request }: CassetteCall): string {
  if ('sentences' in request) return request.sentences.join(' ');
  if (!('messages' in request)) return `${(samplesToMs(request.samples) / 1000).toFixed(1)} s of speech`;
  const last = request.messages.at(-1);
  if (!last) return '';
  return 'text' in last ? `${last.role}: ${last.text}` : `${last.role}: ${last.name}`;
}

/** How an answer ended. */
function outcomeOf({ pieces }: CassetteCall): 'ended' | 'failed' | 'given up' {
  const kind = pieces.at(-1)?.value.kind;
  return kind === 'ended' || kind === 'failed' ? kind : 'given up';
}

function soundMs({ pieces }: CassetteCall): number {
  return samplesToMs(soundOf(pieces.map(({ value }) => value)).length);
}

function named(provider: string, model: string): string {
  return oneLine(model === '' || model === provider ? provider : `${provider} ${model}`);
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}
