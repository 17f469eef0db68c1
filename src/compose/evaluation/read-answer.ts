/**
 * What a model answered, believed only as far as it can be read: one JSON object with what was asked for, whatever
 * stands around it. What else it holds is left out.
 */
import { isMapping } from '../../base/read-json.ts';
import type { Judgement, TurnNote } from '../../events/event.ts';
import { type Kpi, KPIS, type KpiScores } from '../../metrics/kpis.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import { objectInAnswer } from '../data-answer.ts';

/** Longer reasons and quotations are cut there. */
const MOST_CHARACTERS = 300;

export type KpiAnswer = { readonly scores: KpiScores; readonly notes: readonly TurnNote[]; readonly ended: boolean };

/** `key` is where the verdict stands. Undefined for what cannot be read. */
export function readJudgement(text: string, key: 'verdict' | 'kept', { turns }: RunFold): Judgement | undefined {
  const answer = objectInAnswer(text);
  const verdict = answer && readBoolean(answer[key]);
  const reason = readText(answer?.['reason']);
  if (!answer || verdict === undefined || reason === null) return undefined;
  const turn = answer['turn'];
  return { verdict, reason, turn: isTurn(turn, turns.length) ? turn : null, quote: readText(answer['quote']) };
}

/** All six scores have to be there; a note that makes no sense is left out. */
export function readKpis(text: string, fold: RunFold): KpiAnswer | undefined {
  const answer = objectInAnswer(text);
  const ended = answer && readBoolean(answer['ended']);
  if (!answer || ended === undefined || !KPIS.every((kpi) => isScore(answer[kpi]))) return undefined;
  const scores = Object.fromEntries(KPIS.map((kpi) => [kpi, Math.round(answer[kpi] as number)])) as Record<Kpi, number>;
  const notes = Array.isArray(answer['notes']) ? answer['notes'] : [];
  return { scores, notes: notes.flatMap((note: unknown) => readNote(note, fold) ?? []), ended };
}

function readNote(note: unknown, { turns, roster }: RunFold): TurnNote | undefined {
  if (!isMapping(note)) return undefined;
  const { turn, sentiment, relevantKpis } = note;
  const label = readText(note['label']);
  if (!isTurn(turn, turns.length) || label === null || (sentiment !== 'positive' && sentiment !== 'neutral' && sentiment !== 'negative')) return undefined;
  const speaker = roster.agents.find(({ name }) => name === turns[turn - 1]?.agent);
  const relevant = Array.isArray(relevantKpis) ? KPIS.filter((kpi) => relevantKpis.includes(kpi)) : [];
  return { turn, role: speaker?.role === 'system' ? 'agent' : 'user', label, sentiment, relevantKpis: relevant };
}

function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' || value === 'false' ? value === 'true' : undefined;
}

function readText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(/\s+/g, ' ').trim();
  if (text === '') return null;
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}...` : text;
}

function isTurn(value: unknown, turns: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= turns;
}

function isScore(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100;
}
