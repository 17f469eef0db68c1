import { expect, test } from 'vitest';
import { FrameTimeline } from './frame-timeline.ts';

test('frames that come a little early or late stand one after the other', () => {
  const timeline = new FrameTimeline();
  const arrivals = [20, 45, 58, 100, 101, 118, 140];
  expect(arrivals.map((ms) => timeline.tickOf(ms))).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('where nothing came for a while there is a gap', () => {
  const timeline = new FrameTimeline();
  expect(timeline.tickOf(20)).toBe(0);
  expect(timeline.tickOf(1_000)).toBe(49);
});

test('of many that come at once, those are dropped for which there is no time', () => {
  const timeline = new FrameTimeline();
  const ticks = Array.from({ length: 10 }, () => timeline.tickOf(220));
  expect(ticks).toEqual([10, 11, 12, 13, ...Array<undefined>(6).fill(undefined)]);
  expect(timeline.tickOf(240), 'nearly caught up').toBe(14);
});
