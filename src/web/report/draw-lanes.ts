/** Draws two lanes of sound onto a canvas, at the resolution of the screen, in the colours of the style sheet. */
import type { RunDocument, Stretch } from '../../metrics/pages/run-document.ts';

const BAR = 2;
const GAP = 1;
/** The mean of peaks, which shows syllables where the highest peak shows a wall; speech is far under full scale. */
const LOUD = 0.36;

export function drawLanes(canvas: HTMLCanvasElement, told: RunDocument): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context || width === 0) return;
  context.scale(scale, scale);
  const styles = getComputedStyle(canvas);
  const colour = (name: string): string => styles.getPropertyValue(`--${name}`).trim();
  const x = (ms: number): number => (ms / told.callMs) * width;
  const shade = (stretches: readonly Stretch[], name: string, alpha: number): void => {
    context.globalAlpha = alpha;
    context.fillStyle = colour(name);
    for (const [startMs, endMs] of stretches) context.fillRect(x(startMs), 0, Math.max(1.5, x(endMs) - x(startMs)), height);
    context.globalAlpha = 1;
  };
  shade(told.silences, 'warn', 0.12);
  shade(told.overlaps, 'overlap', 0.35);
  const lane = height / 2;
  context.fillStyle = colour('line');
  context.fillRect(0, Math.round(lane), width, 1);
  for (const [i, side] of (['first', 'second'] as const).entries()) {
    context.fillStyle = colour(`${side}-mark`);
    const bars = told.sound ? barsOf(peaks(told.sound.peaks[i] ?? ''), { width, callMs: told.callMs, peakMs: told.sound.peakMs }) : speechBars(told, side, width);
    const middle = lane * (i + 0.5);
    for (const [at, level] of bars.entries()) {
      if (level === 0) continue;
      const tall = Math.max(1, Math.min(1, level / LOUD) * (lane - 6));
      context.fillRect(at * (BAR + GAP), middle - tall / 2, BAR, tall);
    }
  }
}

function peaks(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** How loud each bar's stretch is, 0 to 1; what is softer than the voice's own noise is none. */
function barsOf(levels: Uint8Array, { width, callMs, peakMs }: { readonly width: number; readonly callMs: number; readonly peakMs: number }): number[] {
  const count = Math.floor(width / (BAR + GAP));
  const perBar = callMs / peakMs / count;
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * perBar);
    const stretch = levels.subarray(from, Math.max(from + 1, Math.ceil((i + 1) * perBar)));
    const mean = stretch.reduce((sum, level) => sum + level, 0) / Math.max(1, stretch.length);
    return mean <= 2 ? 0 : mean / 255;
  });
}

/** Without a recording: where speech was. */
function speechBars({ lines, speakers, callMs }: RunDocument, side: 'first' | 'second', width: number): number[] {
  const name = speakers.find((speaker) => speaker.side === side)?.name;
  const bars = Array.from({ length: Math.floor(width / (BAR + GAP)) }, () => 0);
  for (const [startMs, endMs] of lines.filter(({ speaker }) => speaker === name).flatMap(({ segments }) => segments)) {
    for (let i = Math.floor((startMs / callMs) * bars.length); i < (endMs / callMs) * bars.length; i++) bars[i] = 0.25;
  }
  return bars;
}
