import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const noonMs = Date.parse('Fri, 01 May 2026 12:00:00 GMT');
const asked = (headers: Record<string, string>): number | undefined => retryAfterMs(new Headers(headers), noonMs);

describe('how long a server asks to be left alone', () => {
  it('is told in seconds, with or without a fraction', () => {
    expect(asked({ 'retry-after': '2' })).toBe(2000);
    expect(asked({ 'retry-after': '0.25' })).toBe(250);
    expect(asked({ 'retry-after': '0' })).toBe(0);
  });

  it('is told by a date, and one that is over means now', () => {
    expect(asked({ 'retry-after': 'Fri, 01 May 2026 12:00:03 GMT' })).toBe(3000);
    expect(asked({ 'retry-after': 'Fri, 01 May 2026 11:00:00 GMT' })).toBe(0);
  });

  it('is told in milliseconds by OpenAI, which is finer than the seconds beside it', () => {
    expect(asked({ 'retry-after-ms': '350', 'retry-after': '1' })).toBe(350);
  });

  it('is unknown when nothing is said, or nothing that can be read', () => {
    expect(asked({})).toBeUndefined();
    for (const odd of ['soon', '-1', '1e9', '', '2026', 'Someday, maybe']) expect(asked({ 'retry-after': odd })).toBe(odd === '2026' ? 2_026_000 : undefined);
    expect(asked({ 'retry-after-ms': 'soon', 'retry-after': '1' })).toBe(1000);
  });
});
