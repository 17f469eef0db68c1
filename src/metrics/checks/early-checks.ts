/**
 * Expectations of a call that still runs: each is given once, as soon as nothing that may follow can change what became of
 * it. Words that were said stay said (where exactly is only known at the end); figures, endings and judgements come last.
 */
import type { BottalkEvent } from '../../events/event.ts';
import type { RunFold } from '../run-fold.ts';
import type { Check, CheckResult } from './check.ts';
import { checkText } from './check-text.ts';
import { judgeTool } from './outcome.ts';
import { judgeWords } from './words.ts';

export class EarlyChecks {
  readonly #open = new Map<number, EarlyCheck>();

  constructor(checks: readonly Check[]) {
    for (const [i, check] of checks.entries()) if (isDecidedEarly(check)) this.#open.set(i + 1, check);
  }

  /** What the newest event decides; the fold was shown it already. */
  event(event: BottalkEvent, fold: RunFold): readonly CheckResult[] {
    if (this.#open.size === 0 || !DECIDING.includes(event.type)) return [];
    return [...this.#open].flatMap(([index, check]): CheckResult[] => {
      const { outcome, saw, place = null, note = null } = check.kind === 'tool' ? judgeTool(check, fold) : judgeWords(check, fold);
      // What has to happen is decided when it does, and what must not happen when it did.
      if (outcome !== (isWanted(check) ? 'held' : 'failed')) return [];
      this.#open.delete(index);
      return [{ index, severity: check.severity, line: check.line, expected: checkText(check), outcome, saw, place, note }];
    });
  }
}

const DECIDING: readonly BottalkEvent['type'][] = ['utterance.stopped', 'tool.called'];

type EarlyCheck = Check & { readonly kind: 'contains' | 'in_order' | 'tool' };

/** A turn may still grow: its number, what a pattern finds in it and which transcripts belong to it are open until the end. */
function isDecidedEarly(check: Check): check is EarlyCheck {
  switch (check.kind) {
    case 'contains':
    case 'in_order':
      return check.withinTurn === null && check.source === 'speech';
    case 'tool':
      return check.times === null;
    default:
      return false;
  }
}

function isWanted(check: EarlyCheck): boolean {
  return check.kind === 'in_order' || check.wanted;
}
