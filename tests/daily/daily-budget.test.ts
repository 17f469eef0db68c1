/** A budget in a room that is billed by the minute: it ends the call in time, and the room is gone. */
import { describe, expect, test } from 'vitest';
import { runMetrics } from '../../src/metrics/run-metrics.ts';
import { parsePrices } from '../../src/scenarios/price-file.ts';
import { type DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import type { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { caseOf, type WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from './chromium-here.ts';
import { inDaily } from './in-daily.ts';

const QUICK = 'llm: { first_token_ms: 50 }, tts: { first_byte_ms: 20 }';
const SCENARIO = `
title: By the minute
turn: { profile: responsive }
room: { kind: daily }
agents:
  - { name: Nora, prompt: Greet., ${QUICK}, script: { lines: [Hello Leo., And so on.], otherwise: And so on. } }
  - { name: Leo, prompt: Answer., ${QUICK}, script: { lines: [I am well.], otherwise: And so on. } }
`;
const row = (per: string, usd: number): string => `  - { provider: daily, per: ${per}, usd: ${usd}, source: https://example.com/prices, date: 2026-05-01 }\n`;

describe.skipIf(isChromiumMissing('tests/daily/daily-budget.test.ts'))('a budget in a Daily room', () => {
  let runs: WholeRuns;
  let daily: FakeDaily;
  let run: DailyRun;
  inDaily((opened) => ({ runs, daily, run } = opened));

  test('ends the call with a minute in hand, before it is exceeded', async () => {
    const prices = parsePrices(`prices:\n${row('participant_minute', 0.8)}${row('audio_minute', 0.2)}`, 'test.prices.yaml');
    const ended = await runs.run(caseOf(SCENARIO), {
      secrets: run.secrets,
      patience: { daily: run.tuning() },
      onEvent: transcribing(daily),
      prices,
      // Two minutes of presence for the end, and some seconds.
      budgetUsd: 2.1,
    });
    expect(ended.ending?.endedBy).toBe('budget');
    const { cost, agents } = runMetrics(ended.events);
    expect(cost.total).toBeGreaterThan(0.05);
    expect(cost.total).toBeLessThanOrEqual(2.1);
    expect(agents.every((agent) => (agent.cost.room ?? 0) > 0 && (agent.cost.transcription ?? 0) > 0)).toBe(true);
    expect(cost.unknown).toEqual([]);
    expect(daily.requests.map(({ line }) => line).filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
  });
});
