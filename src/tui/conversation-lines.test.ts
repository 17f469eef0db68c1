import { describe, expect, test } from 'vitest';
import { sampleCall } from '../testing/sample-call.ts';
import { conversationLines, windowStart } from './conversation-lines.ts';
import type { Line } from './line.ts';
import { lookFor } from './look.ts';
import { type CallView, ViewState } from '../metrics/call-view.ts';

const options = { columns: 60, wide: false, look: lookFor({ LC_ALL: 'C.UTF-8' }), chosen: 'end', playheadMs: null } as const;
const textOf = (line: Line): string => line.map(({ text }) => text).join('').trimEnd();

function wholeCall(): CallView {
  const state = new ViewState();
  for (const event of sampleCall()) state.event(event);
  return state.view;
}

describe('the conversation', () => {
  test('marks words that were cut off, and puts what takes no floor aside', () => {
    const text = conversationLines(wholeCall(), 100, { ...options, columns: 119 }).lines.map(textOf).join('\n');
    expect(text).toContain('because it writes— [to your customers');
    expect(text).toContain('            (Mike: Mm-hm.)');
    expect(text).toContain('            (Mike, aside: Be right with you.)');
  });

  test('while it plays, the word that is heard stands out and those to come are dim', () => {
    const { lines, focus } = conversationLines(wholeCall(), 20, { ...options, chosen: 0, playheadMs: 900 + 330 * 2 + 10 });
    const pieces = lines.slice(focus?.from, focus?.to).flat();
    expect(pieces.filter(({ inverse }) => inverse).map(({ text }) => text)).toEqual(['is']);
    expect(pieces.find(({ text }) => text === 'this')).not.toHaveProperty('dim');
    expect(pieces.find(({ text }) => text === 'Sarah' && !text.endsWith(' '))).toMatchObject({ dim: true });
  });

  test('is wrapped only around what is shown, and that is the same as the whole', () => {
    const view = wholeCall();
    const whole = conversationLines(view, 1000, { ...options, chosen: 5 });
    const part = conversationLines(view, 4, { ...options, chosen: 5 });
    expect(part.lines.length).toBeLessThan(whole.lines.length);
    const shown = ({ lines, focus }: typeof whole): string[] => {
      const from = windowStart({ total: lines.length, height: 4, focus });
      return lines.slice(from, from + 4).map(textOf);
    };
    expect(shown(part)).toEqual(shown(whole));
  });
});

describe('the window', () => {
  test('shows the end unless something is chosen, and then that in its midst', () => {
    expect(windowStart({ total: 30, height: 10, focus: null })).toBe(20);
    expect(windowStart({ total: 5, height: 10, focus: null })).toBe(0);
    expect(windowStart({ total: 30, height: 10, focus: { from: 14, to: 16 } })).toBe(10);
    expect(windowStart({ total: 30, height: 10, focus: { from: 1, to: 2 } })).toBe(0);
    expect(windowStart({ total: 30, height: 10, focus: { from: 28, to: 30 } })).toBe(20);
    expect(windowStart({ total: 30, height: 10, focus: { from: 5, to: 25 } })).toBe(5);
  });
});
