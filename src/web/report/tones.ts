/** Which colour says how something stands. Colour is never the only sign: a word stands beside it. */
import type { CheckResult } from '../../metrics/checks/check.ts';
import type { Verdict } from '../../metrics/verdict.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'none';

export function toneOf(verdict: Verdict): Tone {
  switch (verdict) {
    case 'passed':
      return 'good';
    case 'failed':
      return 'bad';
    case 'invalid':
    case 'errored':
      return 'warn';
    case 'ran':
    case 'cancelled':
      return 'none';
    default:
      return 'none';
  }
}

export function toneOfCheck({ outcome, severity }: Pick<CheckResult, 'outcome' | 'severity'>): Tone {
  if (outcome === 'held') return 'good';
  return severity === 'must' ? 'bad' : 'warn';
}
