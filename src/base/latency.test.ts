import { expect, test } from 'vitest';
import { drawLatencyMs } from './latency.ts';
import { seededRandom } from './random.ts';

test('a fixed latency is that number, and takes no draw', () => {
  const random = seededRandom(1);
  expect([drawLatencyMs(150, random), drawLatencyMs(0, random)]).toEqual([150, 0]);
  expect(random.next()).toBe(seededRandom(1).next());
});

test.each([
  ['gpt-4.1, first token', 536, 1771],
  ['Deepgram nova-3, final transcript', 247, 298],
  ['gpt-oss-120b on Groq, first token', 98, 217],
])('many draws have the median and the 95th percentile of the table: %s', (label, p50, p95) => {
  const random = seededRandom(label);
  const draws = Array.from({ length: 20_000 }, () => drawLatencyMs({ p50, p95 }, random)).toSorted((a, b) => a - b);
  const quantile = (share: number): number => draws[Math.floor(draws.length * share)] as number;
  expect(quantile(0.5) / p50).toBeCloseTo(1, 1);
  expect(quantile(0.95) / p95).toBeCloseTo(1, 1);
  expect(draws[0]).toBeGreaterThan(0);
});

test('a median that is also the 95th percentile leaves no spread', () => {
  const random = seededRandom(1);
  for (let i = 0; i < 10; i++) expect(drawLatencyMs({ p50: 200, p95: 200 }, random)).toBe(200);
});
