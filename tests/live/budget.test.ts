/** Money in whole calls: what they cost by the prices in their log, and a budget that ends them before it is exceeded. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock } from '../../src/clock/wall-clock.ts';
import { openCassette } from '../../src/compose/open-cassette.ts';
import { recordRun, type RecordOptions } from '../../src/compose/record-run.ts';
import type { EventOf } from '../../src/events/event.ts';
import { type RunMetrics, runMetrics } from '../../src/metrics/run-metrics.ts';
import { parsePrices, type PriceRow } from '../../src/scenarios/price-file.ts';
import type { ChatTurn } from '../../src/testing/chat-server.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { withoutNetwork } from '../../src/testing/no-network.ts';
import { BUSY, caseOf, WholeRuns } from '../../src/testing/whole-run.ts';
import { LIVE_SCENARIO, LiveRuns, type Seen } from './live-run.ts';

let runs: LiveRuns;
beforeAll(async () => (runs = await LiveRuns.open()));
afterAll(() => runs.close());
beforeEach(() => {
  runs.onTurn = chatter;
});

const row = (provider: string, per: string, usd: number): string => `  - { provider: ${provider}, per: ${per}, usd: ${usd}, source: https://example.com/prices, date: 2026-05-01 }\n`;
const PRICES: readonly PriceRow[] = parsePrices(
  `prices:\n${row('openai', 'million_prompt_tokens', 10)}${row('openai', 'million_completion_tokens', 10)}${row('elevenlabs', 'thousand_characters', 0.1)}`,
  'test.prices.yaml',
);

/** Both talk for as long as they are let. */
function chatter(turn: ChatTurn): void {
  turn.answer(turn.body.messages[0]?.content?.startsWith('You are Mike') ? 'Sure, go ahead.' : 'Do you have a minute? I have news.');
}

/** Requests that reached the model since. */
async function counted(work: () => Promise<Seen>): Promise<Seen & { readonly asked: number }> {
  const before = runs.chat.turns.length;
  const seen = await work();
  return { ...seen, asked: runs.chat.turns.length - before };
}

const requested = ({ events }: Seen): EventOf<'llm.requested'>[] => events.filter((event) => event.type === 'llm.requested');

describe('a run with prices', () => {
  test('says what it cost, from nothing but its log', async () => {
    runs.onTurn = (turn) => (runs.chat.turns.length > 6 ? turn.refuse(401, { message: 'enough', code: 'invalid_api_key' }) : chatter(turn));
    const seen = await runs.run({ prices: PRICES });
    const { cost, agents } = runMetrics(seen.events);
    const dollars = agents.map(({ usage: { prompt_tokens: prompt, completion_tokens: completion, tts_characters: characters } }) =>
      Number(((prompt + completion) / 100_000 + characters / 10_000).toFixed(6)),
    );
    expect(agents.map((agent) => agent.cost.total)).toEqual(dollars);
    expect(dollars.every((usd) => usd > 0)).toBe(true);
    expect(cost).toMatchObject({ currency: 'USD', unknown: [], oldest_price: '2026-05-01', budget: null });
  });
});

describe('a recording', () => {
  const root = mkdtempSync(join(tmpdir(), 'bottalk-budget-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function call(name: string, options: Partial<RecordOptions>): Promise<{ readonly events: string; readonly metrics: string }> {
    const folder = join(root, name);
    const quiet = { sinks: [], onWarning: () => {}, version: 'test', cacheFolder: join(root, 'cache'), modelFolder: join(root, 'models') };
    const { failure } = await recordRun(caseOf(LIVE_SCENARIO), { ...quiet, wall: systemWallClock, folder, patience: BUSY, ...options });
    if (failure !== undefined) throw failure;
    return { events: readFileSync(join(folder, 'events.jsonl'), 'utf8'), metrics: readFileSync(join(folder, 'metrics.json'), 'utf8') };
  }

  test('comes to the same money by the prices of its day, and ends where the budget ended it', async () => {
    const recorded = await call('recorded', { prices: PRICES, budgetUsd: 0.05, secrets: runs.secrets });
    const replay = { ...(await openCassette(join(root, 'recorded'))), mode: 'strict' as const };
    expect(await withoutNetwork(() => call('alone', { replay, budgetUsd: 0.05 }))).toEqual(recorded);
    const dearer = PRICES.map((price) => ({ ...price, usd: price.usd * 2 }));
    expect(await withoutNetwork(() => call('today', { replay, budgetUsd: 0.05, prices: dearer }))).toEqual(recorded);
    const { cost } = JSON.parse((await withoutNetwork(() => call('repriced', { replay, budgetUsd: 0.1, prices: dearer, repriced: true }))).metrics) as RunMetrics;
    expect(cost.total).toBeCloseTo(2 * ((JSON.parse(recorded.metrics) as RunMetrics).cost.total ?? 0), 5);
  });
});

describe('a budget', () => {
  test('ends the run before it is exceeded: the request that might do so is never made', async () => {
    const seen = await counted(() => runs.run({ prices: PRICES, budgetUsd: 0.05 }));
    expect(seen.ending?.endedBy).toBe('budget');
    expect(seen.ending?.reason).toMatch(/^at most \$0\.04\d\d of \$0\.05 is spent, and what comes next may cost \$0\.0\d+$/);
    expect(seen.asked).toBeGreaterThan(2);
    expect(requested(seen)).toHaveLength(seen.asked);
    const { cost } = runMetrics(seen.events);
    expect(cost.budget).toBe(0.05);
    expect(cost.total).toBeGreaterThan(0.01);
    expect(cost.total).toBeLessThanOrEqual(0.05);
    expect(logFaults(seen.events)).toEqual([]);
    expect(seen.faults).toEqual([]);
    expect(seen.summary).toContain('ended by       budget');
    expect(seen.summary).toMatch(/ {2}cost {11}\$0\.04\d\d of a budget of \$0\.05 \(Sarah \$0\.0\d+, Mike \$0\.0\d+\),\n {17}prices of 2026-05-01\n/);
  });

  test('lets be said to its end what was paid for', async () => {
    const seen = await runs.run({ prices: PRICES, budgetUsd: 0.05 });
    const cut = seen.events.filter((event) => event.type === 'utterance.stopped' && event.cut);
    expect(cut).toEqual([]);
    const paid = new Set(seen.events.flatMap((event) => (event.type === 'tts.sentence_sent' ? [event.utteranceId] : [])));
    const sounded = new Set(seen.events.flatMap((event) => (event.type === 'utterance.stopped' ? [event.utteranceId] : [])));
    expect([...paid].filter((id) => !sounded.has(id))).toEqual([]);
  });

  test('reaches for no request at all when it is too small for the first', async () => {
    const seen = await counted(() => runs.run({ prices: PRICES, budgetUsd: 0.001 }));
    expect(seen.asked).toBe(0);
    expect(seen.ending?.endedBy).toBe('budget');
    expect(runMetrics(seen.events).cost.total).toBe(0);
  });

  test('gives up the voice as well: a sentence that it does not reach for is not sent', async () => {
    runs.onTurn = (turn) => turn.answer(`${'This sentence is of a good length. '.repeat(3)}${'Another one of these. '.repeat(20)}`);
    const seen = await runs.run({ prices: PRICES, budgetUsd: 0.03 });
    expect(seen.ending?.endedBy).toBe('budget');
    const spoken = seen.events.filter((event) => event.type === 'tts.sentence_sent').map((event) => event.text);
    expect(spoken.length).toBeGreaterThan(0);
    expect(spoken.length).toBeLessThan(23);
    expect(runMetrics(seen.events).cost.total).toBeLessThanOrEqual(0.03);
    expect(logFaults(seen.events)).toEqual([]);
  });

  test('ends a run of which nobody tells the tokens, by the most that they can be', async () => {
    runs.onTurn = (turn) => {
      turn.begin().say('Go on, please.').chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
      turn.raw('data: [DONE]\n\n').end();
    };
    const seen = await counted(() => runs.run({ prices: PRICES, budgetUsd: 0.03 }));
    expect(seen.ending?.endedBy).toBe('budget');
    const most = requested(seen).reduce((sum, { mostTokens }) => sum + ((mostTokens?.prompt ?? 0) + (mostTokens?.completion ?? 0)) / 100_000, 0);
    expect(most).toBeLessThanOrEqual(0.03);
    expect(runMetrics(seen.events).cost).toMatchObject({ at_least: true });
  });

  test('cannot be kept where a price is unknown: the run does not begin, and says for what and where to write it', async () => {
    const seen = await counted(() => runs.run({ prices: PRICES.filter(({ provider }) => provider === 'openai'), budgetUsd: 0.5 }));
    expect(seen.asked).toBe(0);
    expect(seen.files).toEqual([]);
    expect(seen.thrown?.message.replace(/127\.0\.0\.1:\d+/, 'HOST')).toBe(
      "a budget of $0.50 cannot be kept: nobody knows the price of elevenlabs eleven_turbo_v2_5 at HOST, for Sarah's voice and Mike's voice (write into bottalk.prices.yaml provider: elevenlabs, model: eleven_turbo_v2_5, per: thousand_characters, with usd, source and date)",
    );
    const { name, message } = (await runs.run({ budgetUsd: 0.5 })).thrown as Error;
    expect(name).toBe('UsageError');
    expect(message).toContain("nobody knows the price of openai gpt-4o");
  });

  test('is no matter offline, where nothing costs anything', async () => {
    const offline = new WholeRuns();
    const run = await offline.run(caseOf('title: Free\nmax_turns: 1\nagents:\n  - { name: Ann, prompt: Hi., script: { lines: [Hello.] } }\n  - { name: Ben, prompt: Hi., script: { lines: [Hi.] } }\n'), { budgetUsd: 0 });
    await offline.close();
    expect(run.ending?.endedBy).toBe('max_turns');
    expect(run.events.filter(({ type }) => type === 'prices.known')).toEqual([]);
    const nothing = { total: 0, at_least: false, others: 0, evaluation: 0, unknown: [], oldest_price: null, budget: null };
    expect(runMetrics(run.events).cost).toEqual({ currency: 'USD', ...nothing });
  });
});
