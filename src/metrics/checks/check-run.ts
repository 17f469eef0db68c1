/** Every expectation of a scenario against one run. */
import { unreachable } from '../../base/errors.ts';
import type { RunFold } from '../run-fold.ts';
import type { RunFigures } from '../run-figures.ts';
import type { Check, CheckResult, Finding } from './check.ts';
import { checkText } from './check-text.ts';
import { judgeGate } from './gates.ts';
import { judgeCriterion, judgeKpis } from './judged.ts';
import { judgeEnding, judgeTool } from './outcome.ts';
import { judgeWords } from './words.ts';

/** In the order in which the scenario has them. */
export function checkRun(checks: readonly Check[], fold: RunFold, metrics: RunFigures): readonly CheckResult[] {
  return checks.map((check, i): CheckResult => {
    const { severity, line } = check;
    const { outcome, saw, place = null, note = null } = judge(check, i + 1, fold, metrics);
    return { index: i + 1, severity, line, expected: checkText(check), outcome, saw, place, note };
  });
}

function judge(check: Check, number: number, fold: RunFold, metrics: RunFigures): Finding {
  switch (check.kind) {
    case 'contains':
    case 'matches':
    case 'in_order':
      return judgeWords(check, fold);
    case 'ended_by':
      return judgeEnding(check, fold);
    case 'tool':
      return judgeTool(check, fold);
    case 'gate':
      return judgeGate(check.gate, metrics);
    case 'criterion':
      return judgeCriterion(number, fold);
    case 'kpis':
      return judgeKpis(check, fold);
    default:
      return unreachable(check);
  }
}
