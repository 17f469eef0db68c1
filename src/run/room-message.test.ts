import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { MetricsBody } from '../metrics/metrics-message.ts';
import { MOST_BYTES, numbered, roomMessage } from './room-message.ts';

const START = Date.parse('2026-01-05T09:00:00Z');
const TTFB: MetricsBody = { type: 'ttfb', processor: 'ScriptLLMService#0', value: 0.5 };
const keep = (body: MetricsBody) => numbered({ agent: 'Sarah', atMs: 1234.5678, body }, { seq: 3, startEpochMs: START });

function turn(texts: { readonly input?: string; readonly output?: string; readonly spoken_output?: string }): MetricsBody {
  const numbers = { turn: 1, e2e: null, reply_id: 'r1', vad_stop_secs: null, perceived_latency: null, interrupted: false };
  return { type: 'turn', input: '', output: '', spoken_output: '', ...numbers, ...texts };
}

test('a message has its label, an id, the time of day in seconds and its number before what it tells', () => {
  const message = roomMessage(keep(TTFB), seededRandom(1));
  expect(JSON.stringify({ ...message, id: 'x' })).toBe(
    '{"label":"metrics","id":"x","agent":"Sarah","type":"ttfb","ts":1767603601.235,"seq":3,"processor":"ScriptLLMService#0","value":0.5}',
  );
});

test('a replayed message says so, keeps time and number, and has an id of its own', () => {
  const ids = seededRandom(1);
  const first = roomMessage(keep(TTFB), ids);
  const again = roomMessage(keep(TTFB), ids, { replay: true });
  expect(again).toEqual({ ...first, id: again.id, replay: true });
  expect(again.id).not.toBe(first.id);
});

test('ids are random ones of version 4, and the same for the same seed', () => {
  const idsOf = (seed: number): string[] => {
    const ids = seededRandom(seed);
    return Array.from({ length: 200 }, () => roomMessage(keep(TTFB), ids).id);
  };
  for (const id of idsOf(1)) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set([...idsOf(1), ...idsOf(2)]).size).toBe(400);
  expect(idsOf(1)).toEqual(idsOf(1));
});

test.each([
  ['one long text', turn({ output: 'word '.repeat(3000), input: 'Short.' })],
  ['three long texts', turn({ input: 'a'.repeat(9000), output: 'b'.repeat(5000), spoken_output: 'c'.repeat(5000) })],
  ['characters of many bytes', turn({ input: '🎷'.repeat(4000) })],
  ['characters that are escaped', turn({ input: '"\n'.repeat(4000) })],
])('%s cut with an ellipsis so that the whole can be sent', (_, body) => {
  for (const replay of [false, true]) {
    const message = roomMessage(keep(body), seededRandom(1), { replay });
    const bytes = Buffer.byteLength(JSON.stringify(message));
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
    expect(bytes, 'no more is cut than has to be').toBeGreaterThan(MOST_BYTES * 0.6);
    if (message.type !== 'turn' || body.type !== 'turn') throw new Error('no turn');
    for (const key of ['input', 'output', 'spoken_output'] as const) {
      const text = message[key];
      if (text === body[key]) continue;
      expect(text).toMatch(/…$/);
      expect(body[key].startsWith(text.slice(0, -1))).toBe(true);
      expect(text.isWellFormed()).toBe(true);
    }
  }
});

test('what fits is left as it is', () => {
  const text = 'word '.repeat(400);
  expect(roomMessage(keep(turn({ output: text })), seededRandom(1))).toMatchObject({ output: text });
});
