import { expect, test } from 'vitest';
import { TranscriptTimes } from './transcript-times.ts';

const text = { participant: 'a', text: 'hello', final: true };
const times = (): TranscriptTimes => new TranscriptTimes(350);

test('without a span a text is as old as the announced latency', () => {
  expect(times().place({ ...text, span: null }, 5_000)).toEqual({ startMs: 4_650, endMs: 4_650 });
  expect(times().place({ ...text, span: null }, 100)).toEqual({ startMs: 0, endMs: 0 });
});

test('a text that is late is placed where it was spoken, by the fastest one of the same stream', () => {
  const placed = times();
  expect(placed.place({ ...text, span: { startSecs: 1, durationSecs: 0.5 } }, 10_350)).toEqual({ startMs: 9_500, endMs: 10_000 });
  expect(placed.place({ ...text, span: { startSecs: 3, durationSecs: 1 } }, 14_000)).toEqual({ startMs: 11_500, endMs: 12_500 });
  expect(placed.place({ ...text, participant: 'b', span: { startSecs: 3, durationSecs: 1 } }, 14_000), 'another stream').toEqual({
    startMs: 12_650,
    endMs: 13_650,
  });
});

test('a stream that begins anew is counted anew', () => {
  const placed = times();
  placed.place({ ...text, span: { startSecs: 60, durationSecs: 1 } }, 61_350);
  expect(placed.place({ ...text, span: { startSecs: 0, durationSecs: 1 } }, 80_350)).toEqual({ startMs: 79_000, endMs: 80_000 });
});
