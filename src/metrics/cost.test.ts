import { describe, expect, it } from 'vitest';
import type { Price, PriceUnit } from '../events/price.ts';
import { LiveLog } from '../testing/live-log.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { runMetrics } from './run-metrics.ts';

const price = (provider: string, model: string, per: PriceUnit, usd: number, date = '2026-05-01'): Price => ({ provider, model, per, usd, source: 'https://example.com/prices', date });

const TOKENS = [price('openai', 'gpt-4o', 'million_prompt_tokens', 2.5), price('openai', 'gpt-4o', 'million_completion_tokens', 10)];
const CACHED = price('openai', 'gpt-4o', 'million_cached_prompt_tokens', 1.25, '2025-06-03');
const CHARACTERS = price('elevenlabs', 'eleven_turbo_v2_5', 'thousand_characters', 0.05);

describe('cost', () => {
  it('is nothing offline, and needs no prices', () => {
    const { cost, agents } = runMetrics(new LogBuilder().says('Sarah', { fromMs: 100, toMs: 900, text: 'Hello there.' }).build());
    expect(cost).toEqual({ currency: 'USD', total: 0, at_least: false, others: 0, evaluation: 0, unknown: [], oldest_price: null, budget: null });
    expect(agents[0]?.cost).toEqual({ llm: 0, judge: 0, tts: 0, transcription: 0, room: 0, total: 0, at_least: false });
  });

  it('is tokens and characters by the prices in the log, each agent for itself', () => {
    const log = new LiveLog({ prices: [...TOKENS, CACHED, CHARACTERS], budgetUsd: 0.5 })
      .answers('Sarah', { prompt: 2000, completion: 100 })
      .answers('Mike', { prompt: 4000, completion: 50, cached: 3000 })
      .speaks('Mike', 'x'.repeat(400));
    const { cost, agents } = runMetrics(log.build());
    expect(agents.map(({ name, cost: { llm, tts, total } }) => [name, llm, tts, total])).toEqual([
      ['Sarah', 0.006, 0, 0.006],
      ['Mike', 0.00675, 0.02, 0.02675],
    ]);
    expect(cost).toMatchObject({ total: 0.03275, at_least: false, unknown: [], oldest_price: '2025-06-03', budget: 0.5 });
  });

  it('is that of the server that was asked, where two charge differently for one model', () => {
    const prices = TOKENS.flatMap((row) => [{ ...row, host: 'localhost:1', usd: 0 }, { ...row, host: 'localhost:2' }]);
    const log = new LiveLog({ prices, llmHosts: { Sarah: 'localhost:1', Mike: 'localhost:2' } }).answers('Sarah', { prompt: 2000, completion: 0 }).answers('Mike', { prompt: 2000, completion: 0 });
    expect(runMetrics(log.build()).agents.map((agent) => agent.cost.llm)).toEqual([0, 0.005]);
  });

  it('is unknown at a server without a price, whatever others charge', () => {
    const prices = TOKENS.map((row) => ({ ...row, host: 'localhost:1' }));
    const log = new LiveLog({ prices, llmHosts: { Sarah: 'localhost:1', Mike: 'localhost:2' } }).answers('Mike', { prompt: 2000, completion: 0 });
    expect(runMetrics(log.build()).cost).toMatchObject({ total: null, unknown: ['openai gpt-4o at localhost:2: tokens'] });
  });

  it('counts cached tokens like others where they have no price of their own', () => {
    const log = new LiveLog({ prices: TOKENS }).answers('Sarah', { prompt: 1000, completion: 0, cached: 900 });
    expect(runMetrics(log.build()).agents[0]?.cost.llm).toBe(0.0025);
  });

  it('is a lower bound where a request brought no figures', () => {
    const log = new LiveLog({ prices: TOKENS }).answers('Sarah', { prompt: 1000, completion: 0 }).breaksOff('Sarah');
    const { cost, agents } = runMetrics(log.build());
    expect(agents.map((agent) => [agent.cost.total, agent.cost.at_least])).toEqual([[0.0025, true], [0, false]]);
    expect(cost).toMatchObject({ total: 0.0025, at_least: true });
  });

  it('is nothing for certain where tokens are free, told or not', () => {
    const free = TOKENS.map((row) => ({ ...row, usd: 0 }));
    expect(runMetrics(new LiveLog({ prices: free }).breaksOff('Sarah').build()).cost).toMatchObject({ total: 0, at_least: false, unknown: [] });
  });

  it('is unknown where a price is missing, and says for what; what is known stays known', () => {
    const log = new LiveLog({ prices: TOKENS }).answers('Sarah', { prompt: 1000, completion: 0 }).speaks('Sarah', 'Hello.').speaks('Mike', 'Hi.');
    const { cost, agents } = runMetrics(log.build());
    expect(agents.map((agent) => agent.cost)).toMatchObject([{ llm: 0.0025, tts: null, total: null }, { llm: 0, tts: null, total: null }]);
    expect(cost).toMatchObject({ total: null, unknown: ['elevenlabs eleven_turbo_v2_5: characters'] });
  });

  it('is unknown in a log that says nothing of prices, also where a request was never answered', () => {
    const { cost } = runMetrics(new LiveLog({}).breaksOff('Mike').build());
    expect(cost).toMatchObject({ total: null, unknown: ['openai gpt-4o: tokens'], oldest_price: null });
  });

  it('is unknown where only a part of the tokens has a price', () => {
    const log = new LiveLog({ prices: TOKENS.slice(0, 1) }).answers('Sarah', { prompt: 1000, completion: 10 });
    expect(runMetrics(log.build()).cost).toMatchObject({ total: null, unknown: ['openai gpt-4o: tokens'] });
  });

  it('has minutes in a room of the world, of people too, and the room transcribes by the minute', () => {
    const prices = [price('daily', '', 'participant_minute', 0.004), price('daily', '', 'audio_minute', 0.006)];
    const log = new LiveLog({ prices, room: 'daily', transcription: 'daily' })
      .at(60_000, { type: 'participant.joined', participant: 'guest', name: 'Zoe' })
      .at(120_000, { type: 'run.ended', endedBy: 'max_duration' });
    const { cost, agents } = runMetrics(log.build());
    expect(agents[0]?.cost).toMatchObject({ room: 0.008, transcription: 0.012, total: 0.02 });
    expect(cost).toMatchObject({ others: 0.01, total: 0.05 });
  });

  it('has who listened in place of a room that brought no text, and not the room', () => {
    const prices = [price('daily', '', 'participant_minute', 0), price('openai', 'whisper-1', 'audio_minute', 0.006)];
    const log = new LiveLog({ prices, room: 'daily', transcription: 'daily' })
      .at(5000, { type: 'transcription.failed', provider: 'daily', message: 'no text', takenOverBy: 'openai' })
      .at(9000, { type: 'stt.requested', participant: 'mike-1', segmentId: 's1', startMs: 0, endMs: 8000, audioMs: 10_000 });
    expect(runMetrics(log.build()).cost).toMatchObject({ total: 0.001, unknown: [] });
  });

  it('has a room that transcribes from the start, whether or not a text has come already', () => {
    const prices = [price('daily', '', 'participant_minute', 0)];
    const log = new LiveLog({ prices, room: 'daily', transcription: 'daily' }).at(5000, { type: 'run.ended', endedBy: 'cancelled' });
    expect(runMetrics(log.build()).cost).toMatchObject({ total: null, unknown: ['daily: audio'] });
  });

  it('has the speech that a provider listened to', () => {
    const log = new LiveLog({ prices: [price('openai', 'whisper-1', 'audio_minute', 0.006)], transcription: 'openai', transcriptionModel: 'whisper-1' }).at(9000, {
      type: 'stt.requested',
      participant: 'mike-1',
      segmentId: 's1',
      startMs: 0,
      endMs: 8000,
      audioMs: 10_000,
    });
    expect(runMetrics(log.build()).agents.map((agent) => agent.cost.transcription)).toEqual([0, 0.001]);
  });
});
