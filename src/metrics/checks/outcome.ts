/** Whether the call came out as expected: how it ended, and which tools were called with what. */
import { isMapping } from '../../base/read-json.ts';
import { sameJson } from '../../base/same-json.ts';
import type { RunFold } from '../run-fold.ts';
import type { CheckKind, Finding } from './check.ts';

export function judgeEnding({ anyOf }: Extract<CheckKind, { kind: 'ended_by' }>, { ended, nowMs }: RunFold): Finding {
  if (!ended) return { outcome: 'not_reached', saw: 'the call has no end' };
  const place = { turn: null, agent: ended.agent ?? null, atMs: nowMs };
  return { outcome: anyOf.includes(ended.endedBy) ? 'held' : 'failed', saw: ended.agent === undefined ? ended.endedBy : `${ended.endedBy} (${ended.agent})`, place };
}

export function judgeTool(check: Extract<CheckKind, { kind: 'tool' }>, fold: RunFold): Finding {
  const { name, wanted, by, times } = check;
  const calls = fold.replies
    .filter(({ agent }) => by === null || agent === by)
    .flatMap(({ agent, toolCalls }) => toolCalls.map((call) => ({ agent, ...call })))
    .filter((call) => call.name === name);
  const alike = wanted ? sameJson : readsAlike;
  const matching = calls.filter((call) => holds(check.arguments, call.arguments, alike));
  const first = matching[0] ?? calls[0];
  const place = first ? { turn: turnAt(fold, first.calledMs), agent: first.agent, atMs: first.calledMs } : null;
  const seen = calls.length === 0 ? 'not called' : matching.length === 0 ? `called with ${JSON.stringify(calls[0]?.arguments)}` : `called ${countText(matching.length)}`;
  if (!wanted) return { outcome: matching.length === 0 ? 'held' : 'failed', saw: seen, place };
  const held = times === null ? matching.length > 0 : matching.length === times;
  return { outcome: held ? 'held' : 'failed', saw: seen, place };
}

/** Whether everything asked for stands in what was given; lists have to be equal. */
function holds(asked: unknown, given: unknown, alike: typeof sameJson): boolean {
  if (!isMapping(asked)) return alike(asked, given);
  return isMapping(given) && Object.entries(asked).every(([key, value]) => Object.hasOwn(given, key) && holds(value, given[key], alike));
}

/** A call that must not be made is none the better for a number in quotation marks. */
function readsAlike(asked: unknown, given: unknown): boolean {
  const isScalar = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return sameJson(asked, given) || (isScalar(asked) && isScalar(given) && String(asked).trim() === String(given).trim());
}

function turnAt({ turns }: RunFold, atMs: number): number | null {
  const turn = turns.findLast(({ startMs }) => startMs <= atMs);
  return turn ? turn.index + 1 : null;
}

function countText(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
