/**
 * Whether words were said: looked for turn by turn, in what was played or in what the room transcribed, and in what was
 * said while the other held the floor, which is no turn and was heard all the same.
 */
import { counted } from '../../base/figure-text.ts';
import { compilePattern } from '../../base/pattern.ts';
import { takesFloor } from '../conversation.ts';
import type { RunFold } from '../run-fold.ts';
import type { Span } from '../spans.ts';
import { wordsOf } from '../word-error.ts';
import type { CheckKind, CheckPlace, Finding, WordScope } from './check.ts';

type WordCheck = Extract<CheckKind, { kind: 'contains' | 'matches' | 'in_order' }>;
/** What somebody said in their turn or, where it is none, during another one's. */
type TurnText = { readonly turn: number; readonly agent: string; readonly atMs: number; readonly text: string; readonly isTurn: boolean };

/** No more of a turn is quoted. */
const MOST_QUOTED_CHARACTERS = 80;

export function judgeWords(check: WordCheck, fold: RunFold): Finding {
  const texts = textsIn(check, fold);
  const turns = texts.filter(({ isTurn }) => isTurn).length;
  const silence: Finding = { outcome: 'not_reached', saw: `${check.by ?? 'nobody'} ${check.by === null ? 'spoke' : 'never spoke'}${scopeText(check)}` };
  if (check.kind === 'in_order') return texts.length === 0 ? silence : judgeOrder(check, texts);
  const finds = check.kind === 'contains' ? (text: string) => check.phrases.some((phrase) => hasPhrase(text, phrase)) : regular(check.pattern);
  const hit = texts.find(({ text }) => finds(text));
  if (hit && check.wanted) return { outcome: 'held', saw: quoted(hit), place: placeOf(hit) };
  if (hit) return { outcome: 'failed', saw: quoted(hit), place: placeOf(hit) };
  if (turns === 0) return silence;
  // Where nothing was made out nothing was shown to be absent.
  if (texts.every(({ text }) => text === '')) return { ...silence, saw: `no word ${check.by === null ? '' : `of ${check.by} `}${check.source === 'transcript' ? 'was transcribed' : 'was heard'}${scopeText(check)}` };
  const searched = `not said in ${counted(turns, 'turn')}${check.by === null ? '' : ` of ${check.by}`}${scopeText(check)}`;
  return { outcome: check.wanted ? 'failed' : 'held', saw: searched };
}

function judgeOrder({ phrases }: Extract<WordCheck, { kind: 'in_order' }>, turns: readonly TurnText[]): Finding {
  let words = turns.flatMap((turn) => wordsOf(turn.text).map((word) => ({ word, turn })));
  let last: TurnText | undefined;
  for (const phrase of phrases) {
    const wanted = wordsOf(phrase);
    // A phrase is said within one turn, here as everywhere: two people do not say one together.
    const at = words.findIndex(({ turn }, i) => wanted.every((word, k) => words[i + k]?.word === word && words[i + k]?.turn === turn));
    if (at < 0) return { outcome: 'failed', saw: `${JSON.stringify(phrase)} was not said${last ? ` after turn ${last.turn}` : ''}`, ...(last && { place: placeOf(last) }) };
    last = words[at]?.turn;
    words = words.slice(at + wanted.length);
  }
  return { outcome: 'held', saw: last ? `complete in turn ${last.turn}` : 'complete', ...(last && { place: placeOf(last) }) };
}

function textsIn(check: WordCheck, fold: RunFold): TurnText[] {
  const { by, withinTurn, source } = check;
  const turns = fold.turns.map(({ index, agent, startMs, endMs, text }): TurnText => {
    const heard = source === 'speech' ? text : transcriptOf(fold, agent, { startMs, endMs: endMs ?? fold.nowMs });
    return { turn: index + 1, agent, atMs: startMs, text: heard, isTurn: true };
  });
  const besides = source === 'speech' ? spokenBesides(check, fold) : transcribedBesides(fold);
  return [...turns, ...besides]
    .filter(({ turn, agent }) => (by === null || agent === by) && (withinTurn === null || turn <= withinTurn))
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** What was said while the other held the floor. Signs of listening and the like count only where something must never be said. */
function spokenBesides(check: WordCheck, { turns, utterances }: RunFold): TurnText[] {
  const held = new Set(turns.flatMap((turn) => turn.utterances.map(({ utteranceId }) => utteranceId)));
  const isForbidden = check.kind !== 'in_order' && !check.wanted;
  return utterances
    .filter(({ utteranceId, kind, text }) => !held.has(utteranceId) && text !== '' && (isForbidden || takesFloor(kind)))
    .map(({ agent, startMs, text }) => ({ turn: turnAt(turns, startMs), agent, atMs: startMs, text, isTurn: false }));
}

/** What the room settled on for the speech of this turn. */
function transcriptOf(fold: RunFold, agent: string, span: Span): string {
  return fold
    .finalsOf(agent)
    .filter((final) => isWithin(final, span))
    .map(({ text }) => text)
    .join(' ');
}

/** What the room heard where its speaker had no turn. */
function transcribedBesides(fold: RunFold): TurnText[] {
  const { turns, roster, nowMs } = fold;
  return roster.agents.flatMap(({ name }) => {
    const own = turns.filter(({ agent }) => agent === name);
    return fold
      .finalsOf(name)
      .filter((final) => !own.some(({ startMs, endMs }) => isWithin(final, { startMs, endMs: endMs ?? nowMs })))
      .map(({ startMs, text }) => ({ turn: turnAt(turns, startMs), agent: name, atMs: startMs, text, isTurn: false }));
  });
}

/** A text is placed by its middle, because where it begins and ends is no more than the room's guess. */
function isWithin({ startMs, endMs }: Span, turn: Span): boolean {
  const middleMs = (startMs + endMs) / 2;
  return middleMs >= turn.startMs && middleMs <= turn.endMs;
}

/** The turn that was held then, or the last one before, counted from 1. */
function turnAt(turns: RunFold['turns'], atMs: number): number {
  return Math.max(1, turns.filter(({ startMs }) => startMs <= atMs).length);
}

function hasPhrase(text: string, phrase: string): boolean {
  const words = wordsOf(text);
  const wanted = wordsOf(phrase);
  return words.some((_, i) => wanted.every((word, k) => words[i + k] === word));
}

function regular(pattern: string): (text: string) => boolean {
  const compiled = compilePattern(pattern);
  return (text) => compiled.test(text);
}

function placeOf({ turn, agent, atMs }: TurnText): CheckPlace {
  return { turn, agent, atMs };
}

function quoted({ turn, agent, text, isTurn }: TurnText): string {
  const cut = text.length > MOST_QUOTED_CHARACTERS ? `${text.slice(0, MOST_QUOTED_CHARACTERS - 3)}...` : text;
  return `${isTurn ? '' : 'during '}turn ${turn}, ${agent}: ${JSON.stringify(cut)}`;
}

function scopeText({ withinTurn }: WordScope): string {
  return withinTurn === null ? '' : ` up to turn ${withinTurn}`;
}
