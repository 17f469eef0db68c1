import { expect, test } from 'vitest';
import type { Price, PriceUnit } from '../events/price.ts';
import { LiveLog } from '../testing/live-log.ts';
import { caseResult } from './case-result.ts';
import { runMetrics } from './run-metrics.ts';

const price = (per: PriceUnit, usd: number): Price => ({ provider: 'openai', model: 'gpt-4o', per, usd, source: 'https://example.com/prices', date: '2026-05-01' });
const prices = [price('million_prompt_tokens', 2.5), price('million_completion_tokens', 10)];
const identity = { id: 'a.yaml @1', file: 'a.yaml', title: 'A', tags: [], seed: 1, jitter_seed: null, variant: {} };

test('what a case cost says where it is only a lower bound', () => {
  const costOf = (log: LiveLog) => caseResult(identity, runMetrics(log.build()), { wall_secs: 0, folder: null });
  const told = new LiveLog({ prices }).answers('Sarah', { prompt: 2000, completion: 100 });
  expect(costOf(told)).toMatchObject({ cost_usd: 0.006 });
  expect(costOf(told)).not.toHaveProperty('cost_at_least');
  expect(costOf(told.breaksOff('Sarah'))).toMatchObject({ cost_usd: 0.006, cost_at_least: true });
});
