/** Whether words were said: looked for turn by turn, in what was played or in what the room transcribed. */
import type { RunFold } from '../run-fold.ts';
import { counted } from '../../base/figure-text.ts';
import { compilePattern } from '../../base/pattern.ts';
import { wordsOf } from '../word-error.ts';
import type { CheckKind, CheckPlace, Finding, WordScope } from './check.ts';

type WordCheck = Extract<CheckKind, { kind: 'contains' | 'matches' | 'in_order' }>;
type TurnText = { readonly turn: number; readonly agent: string; readonly atMs: number; readonly text: string };

/** No more of a turn is quoted. */
const MOST_QUOTED_CHARACTERS = 80;

export function judgeWords(check: WordCheck, fold: RunFold): Finding {
  const turns = turnsIn(check, fold);
  if (turns.length === 0) return { outcome: 'not_reached', saw: `${check.by ?? 'nobody'} ${check.by === null ? 'spoke' : 'never spoke'}${scopeText(check)}` };
  if (check.kind === 'in_order') return judgeOrder(check, turns);
  const finds = check.kind === 'contains' ? (text: string) => check.phrases.some((phrase) => hasPhrase(text, phrase)) : regular(check.pattern);
  const hit = turns.find(({ text }) => finds(text));
  if (hit && check.wanted) return { outcome: 'held', saw: quoted(hit), place: placeOf(hit) };
  if (hit) return { outcome: 'failed', saw: quoted(hit), place: placeOf(hit) };
  const searched = `not said in ${counted(turns.length, 'turn')}${check.by === null ? '' : ` of ${check.by}`}${scopeText(check)}`;
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

function turnsIn({ by, withinTurn, source }: WordScope, fold: RunFold): TurnText[] {
  return fold.turns
    .map(({ index, agent, startMs, endMs, text }): TurnText => {
      const heard = source === 'speech' ? text : transcriptOf(fold, agent, startMs, endMs ?? fold.nowMs);
      return { turn: index + 1, agent, atMs: startMs, text: heard };
    })
    .filter(({ turn, agent }) => (by === null || agent === by) && (withinTurn === null || turn <= withinTurn));
}

/** What the room settled on for the speech of this turn. */
function transcriptOf(fold: RunFold, agent: string, startMs: number, endMs: number): string {
  const within = (atMs: number): boolean => atMs >= startMs && atMs <= endMs;
  return fold
    .finalsOf(agent)
    .filter((final) => within((final.startMs + final.endMs) / 2))
    .map(({ text }) => text)
    .join(' ');
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

function quoted({ turn, agent, text }: TurnText): string {
  const cut = text.length > MOST_QUOTED_CHARACTERS ? `${text.slice(0, MOST_QUOTED_CHARACTERS - 3)}...` : text;
  return `turn ${turn}, ${agent}: ${JSON.stringify(cut)}`;
}

function scopeText({ withinTurn }: WordScope): string {
  return withinTurn === null ? '' : ` up to turn ${withinTurn}`;
}
