import { expect, test } from 'vitest';
import type { Piece } from './line.ts';
import { lookFor } from './look.ts';
import { stripRow, stripScale, stripSpanMs } from './timeline.ts';

const { glyphs } = lookFor({ LC_ALL: 'C.UTF-8' });
const strip = { spanMs: 10_000, callMs: 8000, columns: 10, glyphs };
const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

test('speech fills its cells by halves, silence is a line, and what has not happened is blank', () => {
  expect(textOf(stripRow({ own: [{ startMs: 1000, endMs: 3500 }], both: [], hue: 'first' }, strip))).toBe('─██▌────  ');
  expect(textOf(stripRow({ own: [{ startMs: 4600, endMs: 6000 }], both: [], hue: 'first' }, strip))).toBe('────▐█──  ');
});

test('talking over is marked in both rows', () => {
  const both = [{ startMs: 3000, endMs: 4000 }];
  expect(textOf(stripRow({ own: [{ startMs: 1000, endMs: 4000 }], both, hue: 'first' }, strip))).toBe('─██▒────  ');
  expect(textOf(stripRow({ own: [{ startMs: 3000, endMs: 6000 }], both, hue: 'second' }, strip))).toBe('───▒██──  ');
});

test('while a call runs the strip doubles when it is full; at the end it is the call', () => {
  expect(stripSpanMs(0, false)).toBe(30_000);
  expect(stripSpanMs(30_001, false)).toBe(60_000);
  expect(stripSpanMs(100_000, false)).toBe(120_000);
  expect(stripSpanMs(100_000, true)).toBe(100_000);
});

test('the times below leave room between them, and the pointer stands where it points', () => {
  const scale = { spanMs: 60_000, columns: 60, glyphs };
  expect(textOf(stripScale(scale, null))).toBe('0:00      0:10      0:20      0:30      0:40      0:50      ');
  expect(textOf(stripScale(scale, 15_000))).toHaveLength(60);
  expect(textOf(stripScale(scale, 15_000))[15]).toBe('▲');
  expect(textOf(stripScale(scale, 99_000)).at(-1)).toBe('▲');
});
