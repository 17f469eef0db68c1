import { describe, expect, it } from 'vitest';
import type { Price } from '../events/price.ts';
import { LiveLog } from '../testing/live-log.ts';
import { Budget } from './budget.ts';

const row = { source: 'https://example.com/prices', date: '2026-05-01' };
const PRICES: readonly Price[] = [
  { provider: 'openai', model: 'gpt-4o', per: 'million_prompt_tokens', usd: 10, ...row },
  { provider: 'openai', model: 'gpt-4o', per: 'million_completion_tokens', usd: 10, ...row },
  { provider: 'elevenlabs', model: 'eleven_turbo_v2_5', per: 'thousand_characters', usd: 0.1, ...row },
];
/** One cent. */
const CENT = { prompt: 800, completion: 200 };

function shown(log: LiveLog, limitUsd: number): { readonly budget: Budget; readonly reasons: string[] } {
  const budget = new Budget(limitUsd);
  const reasons: string[] = [];
  budget.onExhausted = (reason) => reasons.push(reason);
  for (const event of log.build()) budget.event(event);
  return { budget, reasons };
}

describe('a budget', () => {
  it('affords what it reaches for to the last cent, and nothing that might exceed it', () => {
    const { budget, reasons } = shown(new LiveLog({ prices: PRICES }).answers('Sarah', { prompt: 500, completion: 0 }, CENT), 0.015);
    expect(budget.affordsAnswer('Mike', CENT)).toBe(true);
    expect(budget.affordsSpeech('Mike', 100)).toBe(true);
    expect(reasons).toEqual([]);
    expect(budget.affordsAnswer('Mike', { prompt: 801, completion: 200 })).toBe(false);
    expect(reasons).toEqual(['at most $0.0050 of $0.015 is spent, and what comes next may cost $0.0101']);
  });

  it('is over once it is over: then not even what it would reach for', () => {
    const { budget, reasons } = shown(new LiveLog({ prices: PRICES }), 0.005);
    expect([budget.affordsAnswer('Sarah', CENT), budget.affordsSpeech('Sarah', 1), budget.affordsAnswer('Mike', CENT)]).toEqual([false, false, false]);
    expect(reasons).toHaveLength(1);
  });

  it('holds back for an answer that is under way, until it is known what it took', () => {
    const asked = new LiveLog({ prices: PRICES }).at(5, { type: 'llm.requested', agent: 'Sarah', replyId: 'r', requestId: 'q', messageCount: 1, mostTokens: CENT });
    expect(shown(asked, 0.015).budget.affordsAnswer('Mike', CENT)).toBe(false);
    const answered = asked.at(6, { type: 'llm.completed', agent: 'Sarah', replyId: 'r', requestId: 'q', text: '', durationMs: 1, promptTokens: 100, completionTokens: 10 });
    expect(shown(answered, 0.015).budget.affordsAnswer('Mike', CENT)).toBe(true);
  });

  it('affords everything that costs nothing, and nothing without a price', () => {
    const { budget } = shown(new LiveLog({ prices: PRICES.slice(0, 2) }), 1);
    expect(budget.affordsSpeech('Nobody', 1000)).toBe(true);
    expect(budget.affordsSpeech('Sarah', 1)).toBe(false);
  });

  it('is over in time where time costs money, with a minute left to end in', () => {
    const daily: Price = { provider: 'daily', model: '', per: 'participant_minute', usd: 0.01, ...row };
    const log = (atMs: number) => new LiveLog({ prices: [daily], room: 'daily' }).at(atMs, { type: 'warning.raised', message: 'still here' });
    expect(shown(log(119_000), 0.06).reasons).toEqual([]);
    expect(shown(log(121_000), 0.06).reasons).toHaveLength(1);
  });
});
