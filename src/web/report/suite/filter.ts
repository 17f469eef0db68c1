/** Which cases are shown and in which order. Pure: the same choice of the same cases is always the same list. */
import type { CaseStory } from '../../../metrics/pages/suite-document.ts';
import type { Verdict } from '../../../metrics/verdict.ts';

export const ORDERS = { attention: 'what needs attention first', plan: 'as planned', slowest: 'slowest answers first', longest: 'longest call first', worst: 'lowest turn-taking score first' } as const;
export type Order = keyof typeof ORDERS;

export type Choice = {
  /** Null shows all of them. */
  readonly verdict: Verdict | null;
  readonly tag: string | null;
  /** Words that id, title or reasons hold, whatever their case. */
  readonly words: string;
  readonly order: Order;
};

/** In the order in which a reader wants them. */
export const ATTENTION: readonly Verdict[] = ['failed', 'errored', 'invalid', 'cancelled', 'ran', 'passed'];

export const LATENCY = 'system response_latency p50';
export const SCORE = 'system turn_taking_score';

export function chosen(cases: readonly CaseStory[], { verdict, tag, words, order }: Choice): readonly CaseStory[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = ({ id, title, reasons }: CaseStory): boolean => {
    if (wanted.length === 0) return true;
    const text = [id, title, ...reasons.map((reason) => reason.text)].join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  return ordered(cases.filter((each) => (verdict === null || each.verdict === verdict) && (tag === null || each.tags.includes(tag)) && holds(each)), order);
}

function ordered(cases: readonly CaseStory[], order: Order): readonly CaseStory[] {
  switch (order) {
    case 'plan':
      return cases;
    case 'attention':
      return cases.toSorted((a, b) => ATTENTION.indexOf(a.verdict) - ATTENTION.indexOf(b.verdict));
    case 'slowest':
      return cases.toSorted((a, b) => (b.figures[LATENCY] ?? -1) - (a.figures[LATENCY] ?? -1));
    case 'longest':
      return cases.toSorted((a, b) => b.call_secs - a.call_secs);
    case 'worst':
      return cases.toSorted((a, b) => (a.figures[SCORE] ?? 2) - (b.figures[SCORE] ?? 2));
    default:
      return cases;
  }
}
