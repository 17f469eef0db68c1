/** `bottalk run` with money at stake, as users run it: what it prints, what it leaves and with which code it exits. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunMetrics } from '../../src/metrics/run-metrics.ts';
import { type ChatServer, openChatServer } from '../../src/testing/chat-server.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';

const SCENARIO = `
title: Money
turn: { profile: responsive }
agents:
  - { name: Sarah, prompt: You are Sarah., voice: clara, llm: { provider: openai } }
  - { name: Mike, prompt: You are Mike., voice: ross, llm: { provider: openai } }
`;
const row = (per: string, usd: string): string => `  - { provider: openai, model: gpt-4o, per: ${per}, usd: ${usd}, source: https://example.com/prices, date: 2026-05-01 }\n`;
const PRICES = `prices:\n${row('million_prompt_tokens', '10')}${row('million_completion_tokens', '10')}`;

const cwd = mkdtempSync(join(tmpdir(), 'bottalk-money-'));
let chat: ChatServer;
beforeAll(async () => {
  chat = await openChatServer((turn) => turn.answer('Do you have a minute? I have news.'));
  writeFileSync(join(cwd, 'call.yaml'), SCENARIO);
  writeFileSync(join(cwd, 'prices.yaml'), PRICES);
  writeFileSync(join(cwd, 'half.yaml'), PRICES.split('\n').slice(0, 2).join('\n'));
  writeFileSync(join(cwd, 'wrong.yaml'), PRICES.replace('usd: 10', 'usd: ten'));
});
afterAll(async () => {
  await chat.close();
  rmSync(cwd, { recursive: true, force: true });
});

function command(...words: readonly string[]): Promise<CommandResult> {
  return bottalk(words, { cwd, env: { OPENAI_API_KEY: 'sk-loopback', OPENAI_BASE_URL: chat.baseUrl } });
}

describe('bottalk run --budget', () => {
  test('exits with 3 when the budget is used up, and not a cent of it is exceeded', async () => {
    const ran = await command('run', 'call.yaml', '--prices', 'prices.yaml', '--budget', '0.02', '--out', 'ended');
    expect(ran).toMatchObject({ status: 3, errors: '' });
    expect(ran.output).toMatch(/ended {4}budget: at most \$0\.0\d+ of \$0\.02 is spent/);
    expect(ran.output).toMatch(/ {2}cost {11}\$0\.0\d+ of a budget of \$0\.02 \(Sarah \$0\.0\d+, Mike \$0\.0\d+\)/);
    const metrics = readFileSync(join(cwd, 'ended', 'metrics.json'), 'utf8');
    const { ended_by, cost } = JSON.parse(metrics) as RunMetrics;
    expect(ended_by).toBe('budget');
    expect(cost.total).toBeLessThanOrEqual(0.02);
    expect((await command('report', 'ended', '--json')).output).toBe(metrics);
  });

  test.each([
    ['a price is unknown', ['--prices', 'half.yaml'], /^a budget of \$0\.50 cannot be kept: nobody knows the price of openai gpt-4o at 127\.0\.0\.1:\d+, for Sarah's brain and Mike's brain \(write into bottalk\.prices\.yaml provider: openai, model: gpt-4o, per: million_completion_tokens, with usd, source and date\)\n$/],
    ['the price file holds a mistake', ['--prices', 'wrong.yaml'], /^wrong\.yaml:2:73: usd: expected US dollars, 0 or more, got "ten"\n/],
    ['there is no such file', ['--prices', 'none.yaml'], /^no such file: none\.yaml \(a price file of yours, as docs\/providers\.md shows\)\n/],
  ])('exits with 2 before anything is asked or made when %s', async (_what, flags, message) => {
    const before = chat.turns.length;
    const refused = await command('run', 'call.yaml', ...flags, '--budget', '0.50', '--out', 'refused');
    expect(refused).toMatchObject({ status: 2, output: '' });
    expect(refused.errors).toMatch(message);
    expect(chat.turns.length).toBe(before);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });

  test('takes dollars and nothing else', async () => {
    expect(await command('run', 'call.yaml', '--budget', 'much')).toMatchObject({ status: 2 });
  });

  test('uses the price file of the working folder', async () => {
    writeFileSync(join(cwd, 'bottalk.prices.yaml'), PRICES);
    const ran = await command('run', 'call.yaml', '--budget', '0.005', '--quiet', '--out', 'folder');
    rmSync(join(cwd, 'bottalk.prices.yaml'));
    expect(ran.output).toContain('prices of 2026-05-01');
  });
});
