import { describe, expect, it } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { parsePrices } from './price-file.ts';

const ROW = 'provider: openai, model: gpt-4o, per: million_prompt_tokens, usd: 2.5, source: https://example.com/prices, date: 2026-05-01';

/** The lines of what is wrong with a file. */
function mistakes(text: string): string[] {
  try {
    parsePrices(text, 'my.prices.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a price file', () => {
  it('holds rows, in the order in which they stand', () => {
    expect(parsePrices(`prices:\n  - { ${ROW} }\n  - { provider: openai, host: localhost:11434, per: million_prompt_tokens, usd: 0, source: my own machine, date: 2026-05-01 }\n`, 'p')).toEqual([
      { provider: 'openai', model: 'gpt-4o', host: undefined, per: 'million_prompt_tokens', usd: 2.5, source: 'https://example.com/prices', date: '2026-05-01' },
      { provider: 'openai', model: '', host: 'localhost:11434', per: 'million_prompt_tokens', usd: 0, source: 'my own machine', date: '2026-05-01' },
    ]);
    expect(parsePrices('prices: []', 'p')).toEqual([]);
  });

  it('has every mistake told at its place', () => {
    expect(mistakes('prices:\n  - { provider: openai, modl: gpt-4o, per: million_tokens, usd: -1, date: 2026-02-30 }\n  - gpt-4o\nprice: []\n')).toEqual([
      'my.prices.yaml:2:5: the key source is missing (source: a text)',
      'my.prices.yaml:2:25: unknown key "modl" (did you mean model?)',
      'my.prices.yaml:2:44: per: expected one of million_prompt_tokens, million_cached_prompt_tokens, million_completion_tokens, thousand_characters, audio_minute, participant_minute, got "million_tokens" (did you mean million_prompt_tokens?)',
      'my.prices.yaml:2:65: usd: expected US dollars, 0 or more, got -1',
      'my.prices.yaml:2:75: date: expected a day such as 2026-01-31, got "2026-02-30"',
      'my.prices.yaml:3:5: expected a row with provider, model, host, per, usd, source, date, got "gpt-4o"',
      'my.prices.yaml:4:1: unknown key "price" (did you mean prices?)',
    ]);
  });

  it.each([
    ['', 'my.prices.yaml:1:1: the file is empty (docs/providers.md shows a price file)'],
    ['prices: 3', 'my.prices.yaml:1:9: prices: expected a list of rows, got 3'],
    ['- 3', 'my.prices.yaml:1:1: expected a mapping with prices, got a list of 1'],
    [`prices:\n  - { ${ROW.replace('usd: 2.5', 'usd: cheap')} }`, 'my.prices.yaml:2:73: usd: expected US dollars, 0 or more, got "cheap"'],
    [`prices:\n  - { ${ROW.replace('2.5', '2.5, usd: 3')} }`, 'my.prices.yaml:2:78: the key "usd" is here twice (keep one of them)'],
  ])('%j is none', (text, message) => {
    expect(mistakes(text)).toEqual([message]);
  });
});
