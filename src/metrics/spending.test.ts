import { describe, expect, it } from 'vitest';
import type { Price, PriceUnit } from '../events/price.ts';
import { LiveLog, type LiveLogOptions } from '../testing/live-log.ts';
import { Spending } from './spending.ts';

const price = (provider: string, model: string, per: PriceUnit, usd: number): Price => ({ provider, model, per, usd, source: 'https://example.com/prices', date: '2026-05-01' });
const PRICES = [
  price('openai', 'gpt-4o', 'million_prompt_tokens', 2),
  price('openai', 'gpt-4o', 'million_completion_tokens', 10),
  price('elevenlabs', 'eleven_turbo_v2_5', 'thousand_characters', 0.1),
];
/** 0.004 USD. */
const MOST = { prompt: 1000, completion: 200 };
const FAILURE = { provider: 'openai', kind: 'server', message: 'out' } as const;

function spent(log: LiveLog): number {
  const spending = new Spending();
  for (const event of log.build()) spending.event(event);
  return Number(spending.usd.toFixed(6));
}

const begun = (options: LiveLogOptions = {}): LiveLog => new LiveLog({ prices: PRICES, ...options });

describe('spending', () => {
  it('is what was reported, once it was reported', () => {
    expect(spent(begun().answers('Sarah', { prompt: 500, completion: 100 }, MOST))).toBe(0.002);
  });

  it('is the most that can be billed where a request is under way, was interrupted or told nothing', () => {
    const request = { agent: 'Sarah', replyId: 'r', requestId: 'q' };
    expect(spent(begun().at(5, { type: 'llm.requested', ...request, messageCount: 1, mostTokens: MOST }))).toBe(0.004);
    expect(spent(begun().breaksOff('Sarah', MOST))).toBe(0.004);
    const silent = begun().at(5, { type: 'llm.requested', ...request, messageCount: 1, mostTokens: MOST });
    expect(spent(silent.at(6, { type: 'llm.completed', ...request, text: '', durationMs: 1, promptTokens: null, completionTokens: null }))).toBe(0.004);
  });

  it('goes by the price of the server that is asked, and has no bound where only another one has a price', () => {
    const prices = PRICES.map((row) => ({ ...row, host: 'localhost:1', usd: 0 }));
    const llmHosts = { Sarah: 'localhost:1', Mike: 'localhost:2' };
    expect(spent(begun({ prices, llmHosts }).answers('Sarah', { prompt: 500, completion: 100 }, MOST))).toBe(0);
    expect(spent(begun({ prices, llmHosts }).answers('Mike', { prompt: 500, completion: 100 }, MOST))).toBe(Infinity);
  });

  it('counts every further try once more', () => {
    const request = { agent: 'Sarah', replyId: 'r', requestId: 'q' };
    const log = begun()
      .at(5, { type: 'llm.requested', ...request, messageCount: 1, mostTokens: MOST })
      .at(6, { type: 'llm.retried', ...request, ...FAILURE, attempt: 1, retryInMs: 1 })
      .at(7, { type: 'llm.failed', ...request, ...FAILURE });
    expect(spent(log)).toBe(0.008);
    const voice = { agent: 'Mike', utteranceId: 'u' };
    const spoken = begun()
      .at(5, { type: 'tts.sentence_sent', ...voice, text: 'x'.repeat(100) })
      .at(6, { type: 'tts.retried', ...voice, ...FAILURE, attempt: 1, retryInMs: 1 })
      .at(7, { type: 'tts.sentence_sent', ...voice, text: 'x'.repeat(50) });
    expect(spent(spoken)).toBe(0.025);
  });

  it('has no bound where nothing bounds the request, unless its tokens are free', () => {
    expect(spent(begun().breaksOff('Sarah'))).toBe(Infinity);
    const free = PRICES.map((row) => ({ ...row, usd: 0 }));
    expect(spent(begun({ prices: free }).breaksOff('Sarah'))).toBe(0);
  });

  it('grows with time in a room that bills it, and with the speech that a provider listens to', () => {
    const room = [price('daily', '', 'participant_minute', 0.004), price('openai', 'whisper-1', 'audio_minute', 0.006)];
    const log = begun({ prices: room, room: 'daily', transcription: 'openai', transcriptionModel: 'whisper-1' })
      .at(30_000, { type: 'stt.requested', participant: 'mike-1', segmentId: 's', startMs: 0, endMs: 9000, audioMs: 10_000 })
      .at(30_000, { type: 'participant.left', participant: 'mike-1', name: 'Mike', reason: 'left' })
      .at(60_000, { type: 'warning.raised', message: 'a minute' });
    expect(spent(log)).toBe(0.006 + 0.001);
  });
});
