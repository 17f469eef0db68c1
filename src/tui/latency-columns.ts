/** The columns of latency by stage, the same beside a turn and in the table below: right-aligned milliseconds. */
import { milliseconds } from '../base/figure-text.ts';
import type { Piece } from './line.ts';
import type { Glyphs } from './look.ts';
import { STAGES, type Stages } from '../metrics/call-view.ts';

const HEADINGS: Readonly<Record<keyof Stages, string>> = { endOfTurnMs: 'end of turn', llmMs: 'LLM', ttsMs: 'TTS', heardMs: 'as heard' };
const WIDTHS: Readonly<Record<keyof Stages, number>> = { endOfTurnMs: 13, llmMs: 7, ttsMs: 7, heardMs: 10 };

/** What one row of figures takes, the blank at the right edge included. */
export const LATENCY_COLUMNS = STAGES.reduce((sum, stage) => sum + WIDTHS[stage], 1);

export function latencyHeadings(): Piece[] {
  return [{ text: `${STAGES.map((stage) => HEADINGS[stage].padStart(WIDTHS[stage])).join('')} `, dim: true }];
}

/** What was heard stands out: it is the sum that a listener experiences. Talking over is told by its sign and hue. */
export function latencyFigures(stages: Stages, glyphs: Glyphs): Piece[] {
  return STAGES.map((stage): Piece => {
    const value = stages[stage];
    const text = milliseconds(value, glyphs.none).padStart(WIDTHS[stage]) + (stage === 'heardMs' ? ' ' : '');
    if (value === null || stage !== 'heardMs') return { text, dim: value === null };
    return value < 0 ? { text, bold: true, hue: 'overlap' } : { text, bold: true };
  });
}
