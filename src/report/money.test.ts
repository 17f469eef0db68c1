import { describe, expect, it } from 'vitest';
import type { Price, PriceUnit } from '../events/price.ts';
import { foldAll } from '../metrics/run-fold.ts';
import { LiveLog } from '../testing/live-log.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { summaryText } from './summary.ts';
import { textReport } from './text-report.ts';

const price = (provider: string, model: string, per: PriceUnit, usd: number): Price => ({ provider, model, per, usd, source: 'https://example.com/prices', date: '2026-05-01' });
const TOKENS = [price('openai', 'gpt-4o', 'million_prompt_tokens', 2.5), price('openai', 'gpt-4o', 'million_completion_tokens', 10)];
const VOICE = price('elevenlabs', 'eleven_turbo_v2_5', 'thousand_characters', 0.05);

const call = (prices?: readonly Price[]): LiveLog =>
  new LiveLog(prices ? { prices } : {}).answers('Sarah', { prompt: 2000, completion: 100, cached: 512 }).breaksOff('Mike').speaks('Mike', 'x'.repeat(1234));

function summary(log: LiveLog): string[] {
  return summaryText(foldAll(log.build()), { colour: false }).split('\n');
}

describe('cost in reports', () => {
  it('is not spoken of offline', () => {
    expect(summaryText(foldAll(sampleCall()), { colour: false })).not.toMatch(/cost|\$/);
    expect(textReport(foldAll(sampleCall()))).not.toMatch(/^cost|\$/m);
  });

  it('is a sum with its shares, its doubts and the day of its prices', () => {
    expect(summary(call([...TOKENS, VOICE])).filter((line) => /cost|\$/.test(line))).toEqual(['  cost           at least $0.0677 (Sarah $0.0060, Mike $0.0617), prices of']);
    expect(summary(call([...TOKENS, VOICE])).find((line) => /^ +2026/.test(line))).toBe('                 2026-05-01');
  });

  it('is unknown, and says what has no price', () => {
    expect(summary(call(TOKENS)).find((line) => line.includes('cost'))).toBe('  cost           unknown, no price for elevenlabs eleven_turbo_v2_5: characters');
    expect(summary(call()).filter((line) => /^ {2}cost|^ {17}\S/.test(line))).toEqual([
      '  cost           unknown, no price for elevenlabs eleven_turbo_v2_5: characters,',
      '                 openai gpt-4o: tokens',
    ]);
  });

  it('stands in the report by agent and by what it was for', () => {
    const report = textReport(foldAll(call([...TOKENS, VOICE]).build()));
    expect(report.slice(report.indexOf('\ncost')).trim().split('\n')).toEqual([
      'cost        Sarah              Mike',
      '  LLM     $0.0060         unmetered',
      '  voice         -           $0.0617',
      '  in all  $0.0060  at least $0.0617',
    ]);
    expect(report).toMatch(/of them cached +512/);
  });
});
