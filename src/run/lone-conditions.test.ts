import { beforeEach, expect, test } from 'vitest';
import type { NewEvent } from '../events/event.ts';
import { LoneConditions } from './lone-conditions.ts';

let conditions: LoneConditions;
let met: number;
let goodbyes: number;
beforeEach(() => {
  conditions = new LoneConditions({ agent: 'Nora', peer: 'Leo' });
  met = 0;
  goodbyes = 0;
  conditions.onMet = () => void (met += 1);
  conditions.onGoodbyes = () => void (goodbyes += 1);
});

let seq = 0;
function happens(atMs: number, event: NewEvent): void {
  conditions.event({ seq: seq++, atMs, ...event });
}

test('silence counts from when the peer is there, whoever else came before', () => {
  happens(0, { type: 'participant.joined', participant: 'n', name: 'Nora' });
  happens(10, { type: 'participant.joined', participant: 'g', name: 'A guest' });
  expect([conditions.hasMet, conditions.quietSinceMs]).toEqual([false, undefined]);
  happens(30_000, { type: 'participant.joined', participant: 'l', name: 'Leo (bot)' });
  happens(40_000, { type: 'participant.joined', participant: 'l2', name: 'Leo (bot)' });
  expect([conditions.hasMet, conditions.quietSinceMs, met]).toEqual([true, 30_000, 1]);
});

test('silence counts from when a guest has spoken, and not from the agent\'s own voice', () => {
  happens(0, { type: 'participant.joined', participant: 'n', name: 'Nora' });
  happens(100, { type: 'wire.speech_started', participant: 'n', startMs: 90 });
  happens(900, { type: 'wire.speech_stopped', participant: 'n', startMs: 90, endMs: 800 });
  expect(conditions.quietSinceMs).toBeUndefined();
  happens(5_000, { type: 'wire.speech_started', participant: 'g', startMs: 4_900 });
  expect([met, conditions.quietSinceMs]).toEqual([1, undefined]);
  happens(7_000, { type: 'wire.speech_stopped', participant: 'g', startMs: 4_900, endMs: 6_800 });
  expect(conditions.quietSinceMs).toBe(6_800);
});

test('two goodbyes are known by what the agent said and by what it heard', () => {
  const words = [{ text: 'Goodbye.', startMs: 0, endMs: 400 }];
  happens(1_000, { type: 'utterance.stopped', agent: 'Nora', utteranceId: 'u', replyId: 'r', kind: 'reply', words, cut: false });
  expect(goodbyes).toBe(0);
  happens(3_000, { type: 'turn.stopped', agent: 'Nora', turnId: 't', text: 'thank you goodbye', by: 'strategy', speechEndMs: 2_800 });
  expect(goodbyes).toBe(1);
});
