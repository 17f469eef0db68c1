/** An expectation in one line, as a person would say it. */
import { unreachable } from '../../base/errors.ts';
import { counted } from '../../base/figure-text.ts';
import { withoutFullStop } from '../evaluation.ts';
import type { Check, WordScope } from './check.ts';
import { gateText } from './gate.ts';

export function checkText(check: Check): string {
  switch (check.kind) {
    case 'contains':
      return `${whoSays(check, check.wanted)} ${anyOf(check.phrases)}${scope(check)}`;
    case 'matches':
      return `${whoSays(check, check.wanted)} /${check.pattern}/${scope(check)}`;
    case 'in_order':
      return `${whoSays(check, true)} ${check.phrases.map((phrase) => JSON.stringify(phrase)).join(', then ')}${scope(check)}`;
    case 'ended_by':
      return `the call is ended by ${check.anyOf.join(' or ')}`;
    case 'tool':
      return `${check.by ?? 'somebody'} ${check.wanted ? 'calls' : 'does not call'} ${check.name}${given(check.arguments)}${check.times === null ? '' : `, ${counted(check.times, 'time')}`}`;
    case 'gate':
      return gateText(check.gate);
    case 'criterion':
      return `judge: ${JSON.stringify(withoutFullStop(check.criterion))}`;
    case 'kpis':
      return `kpis: ${Object.entries(check.atLeast).map(([kpi, least]) => `${kpi} >= ${least}`).join(', ')}`;
    default:
      return unreachable(check);
  }
}

function whoSays({ by }: WordScope, wanted: boolean): string {
  if (by === null) return wanted ? 'somebody says' : 'nobody says';
  return wanted ? `${by} says` : `${by} does not say`;
}

function anyOf(phrases: readonly string[]): string {
  return phrases.map((phrase) => JSON.stringify(phrase)).join(' or ');
}

function scope({ withinTurn, source }: WordScope): string {
  return `${withinTurn === null ? '' : ` within ${counted(withinTurn, 'turn')}`}${source === 'speech' ? '' : ', as transcribed'}`;
}

function given(wanted: Readonly<Record<string, unknown>>): string {
  return Object.keys(wanted).length === 0 ? '' : ` with ${JSON.stringify(wanted)}`;
}
