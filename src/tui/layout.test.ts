import { expect, test } from 'vitest';
import { type Layout, layoutFor } from './layout.ts';

const rowsOf = ({ header, agents, choices, gapAbove, conversation, latency, gapBelow, lanes, scale, footer }: Layout): number =>
  header + agents + choices + gapAbove + conversation + latency + gapBelow + lanes + scale + footer;

test('every size is used up to its last row, and the conversation keeps the greater part of a large one', () => {
  for (let rows = 1; rows <= 80; rows++) {
    for (const columns of [20, 80, 160]) {
      for (const choices of [0, 3]) {
        const layout = layoutFor({ columns, rows }, { choiceRows: choices });
        expect(rowsOf(layout)).toBe(rows);
        expect(layout.conversation).toBeGreaterThan(0);
      }
    }
  }
  expect(layoutFor({ columns: 80, rows: 24 }).conversation).toBe(11);
  expect(layoutFor({ columns: 80, rows: 60 }).conversation).toBe(47);
});

test('where rows are scarce, gaps go first and the words last', () => {
  expect(layoutFor({ columns: 60, rows: 16 })).toMatchObject({ gapAbove: 0, gapBelow: 0, latency: 4, lanes: 2, scale: 1 });
  expect(layoutFor({ columns: 60, rows: 8 })).toMatchObject({ latency: 0, agents: 0, lanes: 0, header: 1, footer: 1, conversation: 6 });
  expect(layoutFor({ columns: 60, rows: 1 })).toMatchObject({ header: 0, footer: 0, conversation: 1 });
});

test('from 120 columns on, latencies stand beside the words', () => {
  expect(layoutFor({ columns: 119, rows: 24 }).wide).toBe(false);
  expect(layoutFor({ columns: 120, rows: 24 })).toMatchObject({ wide: true, gapAbove: 1, latency: 3 });
});

test('why the providers are those that they are is told on a terminal of the usual size, and not where rows are scarce', () => {
  expect(layoutFor({ columns: 80, rows: 24 }, { choiceRows: 3 })).toMatchObject({ choices: 3, conversation: 8 });
  expect(layoutFor({ columns: 80, rows: 20 }, { choiceRows: 3 })).toMatchObject({ choices: 0 });
});

test('how the call ended gets its rows before the latencies, the choices and the gaps do', () => {
  expect(layoutFor({ columns: 80, rows: 24 }, { choiceRows: 3, cardRows: 15 })).toMatchObject({ latency: 0, choices: 0, agents: 2, scale: 1 });
  for (const columns of [80, 120]) {
    for (let cardRows = 1; cardRows <= 16; cardRows++) {
      expect(layoutFor({ columns, rows: 24 }, { choiceRows: 3, cardRows }).conversation).toBeGreaterThanOrEqual(cardRows);
    }
  }
});
