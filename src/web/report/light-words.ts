/** Lights the words that are heard, and keeps their turn in sight while it plays. Done beside the components: it happens every frame. */
import { effect } from '@preact/signals';
import type { Call } from './call.ts';

type TimedWord = { readonly element: HTMLElement; readonly fromMs: number; readonly toMs: number };

/** Returns what ends it. */
export function lightWords(list: HTMLElement, call: Call): () => void {
  const words = [...list.querySelectorAll<HTMLElement>('.word')]
    .map((element): TimedWord => ({ element, fromMs: Number(element.dataset['from']), toMs: Number(element.dataset['to']) }))
    .toSorted((a, b) => a.fromMs - b.fromMs);
  let lit: readonly HTMLElement[] = [];
  const endWords = effect(() => {
    const now = call.player.hasSound ? wordsAt(words, call.player.positionMs.value) : [];
    for (const element of lit) if (!now.includes(element)) element.classList.remove('lit');
    for (const element of now) element.classList.add('lit');
    lit = now;
  });
  const endTurns = effect(() => {
    const turn = call.turn.value;
    for (const element of list.querySelectorAll('.current')) element.classList.remove('current');
    const lines = turn ? list.querySelectorAll<HTMLElement>(`[data-turn="${turn.number}"]`) : [];
    for (const element of lines) element.classList.add('current');
    if (lines[0]) keepInSight(list, lines[0]);
  });
  return () => {
    endWords();
    endTurns();
  };
}

/** Two may speak at once, so there may be two; a word is never longer than this. */
const LONGEST_MS = 5000;

function wordsAt(words: readonly TimedWord[], ms: number): readonly HTMLElement[] {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.fromMs ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  const found: HTMLElement[] = [];
  for (let i = low - 1; i >= 0; i--) {
    const word = words[i] as TimedWord;
    if (word.fromMs < ms - LONGEST_MS) break;
    if (ms < word.toMs) found.push(word.element);
  }
  return found;
}

/** Only where the list scrolls by itself: nobody wants the page to move under their hands. */
function keepInSight(list: HTMLElement, line: HTMLElement): void {
  if (list.scrollHeight <= list.clientHeight) return;
  const top = line.offsetTop - list.offsetTop;
  const isSeen = top >= list.scrollTop && top + line.offsetHeight <= list.scrollTop + list.clientHeight;
  if (!isSeen) list.scrollTo({ top: Math.max(0, top - list.clientHeight / 4) });
}
