import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePrices, type PriceRow } from '../scenarios/price-file.ts';
import { caseOf } from '../testing/whole-run.ts';
import { checkMoney, pricesKnown, rowsFor } from './money.ts';
import { loadPrices, shippedPrices } from './prices.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-prices-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const AGENTS = `agents:
  - { name: Ann, prompt: Hi., llm: { provider: openai, model: my-model }, script: { lines: [Hi.] } }
  - { name: Ben, prompt: Hi., script: { lines: [Hi.] } }
`;
const scenarioOf = (more = '') => caseOf(`title: Test\n${more}${AGENTS}`).scenario;
const twoServers = () =>
  caseOf(`title: Test
agents:
  - { name: Ann, prompt: Hi., llm: { provider: openai, model: my-model, base_url: "http://localhost:1/v1" }, script: { lines: [Hi.] } }
  - { name: Ben, prompt: Hi., llm: { provider: openai, model: my-model, base_url: "http://127.0.0.1:1/v1" }, script: { lines: [Hi.] } }
`).scenario;
const STARTED = { llm: 'openai', llmModel: 'my-model', tts: 'offline', ttsModel: 'flite', voice: 'clara', endOfTurn: 'lexical' };

const rows = (...lines: readonly string[]): readonly PriceRow[] =>
  parsePrices(`prices:\n${lines.map((line) => `  - { provider: openai, ${line}, source: https://example.com, date: 2026-05-01 }\n`).join('')}`, 'p');
const TOKENS = rows('model: my-model, per: million_prompt_tokens, usd: 1', 'model: "my-*", per: million_completion_tokens, usd: 2');

describe('prices of a run', () => {
  it('are those of the models in use, the first row that fits', () => {
    const prices = [...TOKENS, ...rows('model: my-model, per: million_prompt_tokens, usd: 9', 'model: my-model-mini, per: million_cached_prompt_tokens, usd: 9', 'model: my, per: million_cached_prompt_tokens, usd: 9')];
    const known = pricesKnown(scenarioOf(), [STARTED, { ...STARTED, llm: 'script' }], { prices });
    expect(known?.prices.map(({ model, per, usd }) => [model, per, usd])).toEqual([
      ['my-model', 'million_prompt_tokens', 1],
      ['my-model', 'million_completion_tokens', 2],
    ]);
  });

  it('can be meant for one server alone', () => {
    const prices = rows('host: "localhost:11434", per: million_prompt_tokens, usd: 0');
    const pricesAt = (llmHost: string) => pricesKnown(scenarioOf(), [{ ...STARTED, llmHost }], { prices })?.prices.map(({ usd, host }) => [usd, host]);
    expect(pricesAt('localhost:11434')).toEqual([[0, 'localhost:11434']]);
    expect(pricesAt('localhost:8080')).toEqual([]);
  });

  it('are those of each server, where two agents ask for one model at two', () => {
    const prices = [...rows('host: "localhost:1", per: million_prompt_tokens, usd: 0'), ...rows('host: "127.0.0.1:1", per: million_prompt_tokens, usd: 1000')];
    const known = pricesKnown(twoServers(), [{ ...STARTED, llmHost: 'localhost:1' }, { ...STARTED, llmHost: '127.0.0.1:1' }], { prices });
    expect(known?.prices.map(({ model, host, usd }) => [model, host, usd])).toEqual([
      ['my-model', 'localhost:1', 0],
      ['my-model', '127.0.0.1:1', 1000],
    ]);
  });

  it('of a recording that is refreshed are also those of servers that were not asked then', () => {
    const day = { provider: 'openai', model: 'my-model', host: 'old:1', per: 'million_prompt_tokens', usd: 7, source: 's', date: '2025-01-01' } as const;
    const replay = { cassette: { header: { agents: [], prices: [day] } }, mode: 'refresh' } as const;
    expect(pricesKnown(scenarioOf(), [{ ...STARTED, llmHost: 'new:1' }], { replay, prices: TOKENS })?.prices.map(({ host, usd }) => [host, usd])).toEqual([
      ['old:1', 7],
      ['new:1', 1],
      ['new:1', 2],
    ]);
    expect(() => checkMoney(scenarioOf(), { replay, budgetUsd: 1 })).toThrow('nobody knows the price of openai my-model at api.openai.com');
  });

  it('are no matter for the log where nobody bills', () => {
    const offline = caseOf(`title: Test\n${AGENTS.replace('llm: { provider: openai, model: my-model }, ', '')}`).scenario;
    expect(pricesKnown(offline, [STARTED, STARTED], { prices: TOKENS, budgetUsd: 1 })).toBeUndefined();
    expect(rowsFor(offline, {})).toBeUndefined();
  });

  it('of a recording are those of its day, unless others are given', () => {
    const day = { provider: 'openai', model: 'my-model', per: 'million_prompt_tokens', usd: 7, source: 's', date: '2025-01-01' } as const;
    const agent = { name: 'Ann', llm: 'openai', llmModel: 'my-model', tts: 'offline', ttsModel: 'flite', voice: 'clara' };
    const replay = { cassette: { header: { bottalk: '1', title: 'Test', seed: 1, agents: [agent], prices: [day] } }, mode: 'strict' } as const;
    expect(pricesKnown(scenarioOf(), [STARTED], { replay })?.prices).toEqual([day]);
    expect(pricesKnown(scenarioOf(), [STARTED], { replay, prices: TOKENS })?.prices).toEqual([day]);
    expect(pricesKnown(scenarioOf(), [STARTED], { replay, prices: TOKENS, repriced: true })?.prices[0]?.usd).toBe(1);
  });
});

describe('a budget', () => {
  it('needs a price for each thing that is billed, and for no discount', () => {
    expect(() => checkMoney(scenarioOf(), { prices: TOKENS, budgetUsd: 1 })).not.toThrow();
    expect(() => checkMoney(scenarioOf(), { prices: TOKENS.slice(0, 1) })).not.toThrow();
    expect(() => checkMoney(scenarioOf(), { prices: TOKENS.slice(0, 1), budgetUsd: 1 })).toThrow(
      "a budget of $1.00 cannot be kept: nobody knows the price of openai my-model at api.openai.com, for Ann's brain (write into bottalk.prices.yaml provider: openai, model: my-model, per: million_completion_tokens, with usd, source and date)",
    );
  });

  it('needs the price of each server, not only of the model', () => {
    const prices = ['million_prompt_tokens', 'million_completion_tokens'].flatMap((per) => rows(`host: "localhost:1", per: ${per}, usd: 0`));
    expect(() => checkMoney(twoServers(), { prices, budgetUsd: 0.01 })).toThrow(/^a budget of \$0\.01 cannot be kept: nobody knows the price of openai my-model at 127\.0\.0\.1:1, for Ben's brain \(/);
  });

  it('counts minutes in a room of the world and whoever listens there', () => {
    const missing = (scenario: string): string[] => {
      try {
        checkMoney(scenarioOf(scenario), { prices: TOKENS, budgetUsd: 1 });
        return [];
      } catch (error) {
        return (error as Error).message.split('\n').map((line) => /price of (.*), with usd/.exec(line)?.[1] ?? line);
      }
    };
    expect(missing('room: { kind: daily }\n')).toEqual(['daily, for the room and the transcription (write into bottalk.prices.yaml provider: daily, per: participant_minute and per: audio_minute']);
    expect(missing('transcription: { provider: openai }\n')).toEqual(['openai gpt-4o-transcribe at api.openai.com, for the transcription (write into bottalk.prices.yaml provider: openai, model: gpt-4o-transcribe, per: audio_minute']);
  });
});

describe('the price files', () => {
  it('that come with bottalk are sound: each row has its source on the web', () => {
    const shipped = shippedPrices();
    expect(shipped.length).toBeGreaterThan(0);
    expect(shipped.filter(({ source, usd, host }) => !source.startsWith('https://') || usd <= 0 || host === undefined)).toEqual([]);
  });

  it('of a user come first', () => {
    const file = join(folder, 'own.yaml');
    writeFileSync(file, 'prices: [{ provider: openai, model: gpt-4o, per: million_prompt_tokens, usd: 1, source: my contract, date: 2026-05-01 }]');
    const prices = loadPrices(file);
    expect(prices[0]?.source).toBe('my contract');
    expect(prices.slice(1)).toEqual(shippedPrices());
  });

  it('must be there when they are named', () => {
    expect(() => loadPrices(join(folder, 'none.yaml'))).toThrow(`no such file: ${join(folder, 'none.yaml')} (a price file of yours, as docs/providers.md shows)`);
    expect(() => loadPrices(folder)).toThrow(`${folder} cannot be read as a price file (it is a folder)`);
  });
});
