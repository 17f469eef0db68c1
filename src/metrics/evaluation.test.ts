/** What the log tells of an evaluation, and what follows from it: KPIs, money, and runs of which nobody can say anything. */
import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../events/event.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { checkRun } from './checks/check-run.ts';
import type { CheckKind, Severity } from './checks/check.ts';
import { KPIS, type KpiScores, meanText, outcomeOf } from './kpis.ts';
import { foldAll, type RunFold } from './run-fold.ts';
import { metricsOf } from './run-metrics.ts';

const KIND = { kind: 'criterion', criterion: 'Sarah is kind.', votes: 3 } as const;
const yes = { verdict: true, reason: 'She is.', turn: null, quote: null };

/** A call of three turns whose scenario expects this, and of which that was found out. */
function evaluated(expected: readonly (CheckKind & { readonly severity?: Severity })[], ...found: readonly NewEvent[]): RunFold {
  const builder = new LogBuilder()
    .says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello, this is Blue Finch.' })
    .says('Mike', { fromMs: 2500, toMs: 4000, text: 'I want my money back.' })
    .says('Sarah', { fromMs: 6000, toMs: 8000, text: 'You will get it. Goodbye.' });
  for (const event of found) builder.at(9000, event);
  const events = builder.at(9000, { type: 'run.ended', endedBy: 'goodbye' }).build();
  const checks = expected.map((check) => ({ severity: 'must', line: null, ...check }));
  const evaluator = { provider: 'openai', model: 'small' };
  return foldAll(events.map((event) => (event.type === 'run.started' ? { ...event, evaluator, scenario: { ...event.scenario, expect: checks } } : event)));
}

const undecided = (about: number | 'kpis' | 'role'): NewEvent => ({ type: 'evaluation.undecided', about, message: 'it is away' });
const invalid = (fold: RunFold): readonly string[] => metricsOf(fold).invalid.map(({ code }) => code);

describe('a criterion', () => {
  const sawOf = (fold: RunFold) => checkRun([{ ...KIND, severity: 'must', line: null }], fold, metricsOf(fold))[0];

  test('quotes the turn that has the words, whatever turn the model names', () => {
    const vote = { ...yes, turn: 1, quote: 'you will GET it' };
    expect(sawOf(evaluated([KIND], { type: 'criterion.judged', check: 1, verdict: true, votes: [yes, vote] }))).toMatchObject({
      outcome: 'held',
      saw: 'yes (2 of 2 votes), She is: "you will GET it"',
      place: { turn: 3, agent: 'Sarah', atMs: 6000 },
    });
  });

  test('names the turn alone where the words were never said, and none that there is not', () => {
    const vote = { ...yes, turn: 2, quote: 'go away' };
    expect(sawOf(evaluated([KIND], { type: 'criterion.judged', check: 1, verdict: true, votes: [vote] }))).toMatchObject({ saw: 'yes, She is', place: { turn: 2, agent: 'Mike' } });
    expect(sawOf(evaluated([KIND], { type: 'criterion.judged', check: 1, verdict: true, votes: [{ ...vote, turn: 9 }] }))?.place).toBeNull();
  });

  test('of which nothing was found out was not reached, and says why', () => {
    expect(sawOf(evaluated([KIND], undecided(1)))).toMatchObject({ outcome: 'not_reached', saw: 'it is away' });
    expect(sawOf(evaluated([KIND]))).toMatchObject({ outcome: 'not_reached', saw: 'the judge was not asked' });
  });
});

describe('a run is invalid', () => {
  test('where a question that matters came to no answer', () => {
    expect(invalid(evaluated([KIND], undecided(1)))).toEqual(['judge_unreachable']);
    expect(invalid(evaluated([{ kind: 'kpis', atLeast: { discovery: 1 } }], undecided('kpis')))).toEqual(['judge_unreachable']);
    expect(invalid(evaluated([], undecided('role')))).toEqual(['judge_unreachable']);
    expect(invalid(evaluated([KIND, { ...KIND, severity: 'should' }], undecided(2)))).toEqual([]);
    expect(invalid(evaluated([{ ...KIND, severity: 'should' }], undecided(1), undecided('role')))).toEqual([]);
  });

  test('where the simulator fell out of its role', () => {
    const role = { type: 'role.judged', agent: 'Mike', reason: 'It offers help.', turn: 2, quote: null } as const;
    expect(metricsOf(evaluated([], { ...role, kept: false })).invalid).toEqual([{ code: 'out_of_role', agent: 'Mike', text: 'Mike fell out of its role in turn 2: It offers help' }]);
    expect(invalid(evaluated([], { ...role, kept: true }))).toEqual([]);
  });
});

test.each([
  [100, 'excellent'],
  [80, 'excellent'],
  [79.9, 'good'],
  [65, 'good'],
  [50, 'average'],
  [35, 'needs_improvement'],
  [34.9, 'poor'],
  [0, 'poor'],
])('a mean of %d is %s', (mean, outcome) => {
  expect(outcomeOf(Object.fromEntries(KPIS.map((kpi) => [kpi, mean])) as KpiScores)).toBe(outcome);
});

test.each([[79.67, '79'], [80, '80'], [64.83, '64'], [0, '0']])('a mean of %d reads as %s, so that its word fits', (mean, text) => {
  expect(meanText(mean)).toBe(text);
});

test('money that the judge takes counts, and what nobody counted makes it a lower bound', () => {
  const prices = (['million_prompt_tokens', 'million_completion_tokens'] as const).map((per) => ({ provider: 'openai', model: 'small', per, usd: 10, source: 'here', date: '2026-05-01' }));
  const asked = (id: string): NewEvent => ({ type: 'evaluation.requested', requestId: id, about: 1, vote: 1 });
  const fold = evaluated(
    [KIND],
    { type: 'prices.known', budgetUsd: null, prices },
    asked('a'),
    { type: 'evaluation.completed', requestId: 'a', promptTokens: 900, completionTokens: 100 },
    asked('b'),
    { type: 'evaluation.completed', requestId: 'b', promptTokens: null, completionTokens: null },
  );
  expect(metricsOf(fold).cost).toMatchObject({ evaluation: 0.01, total: 0.01, at_least: true });
  const tokens = { prompt_tokens: 900, cached_prompt_tokens: 0, completion_tokens: 100 };
  expect(metricsOf(fold).evaluation?.usage).toEqual({ requests: 2, unmetered_requests: 1, retries: 0, ...tokens });
});
