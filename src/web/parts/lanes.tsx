/**
 * Who spoke when, as a drawing over call time: a row for each speaker, talking over marked between the rows, a mark where
 * speech was cut off. Widths are shares of the span, so it fits any place; it draws spans and finds nothing out.
 */
import type { JSX } from 'preact';
import { clockTime } from '../../base/figure-text.ts';
import type { Span } from '../../metrics/spans.ts';

export type Lane = { readonly name: string; readonly hue: 'first' | 'second' | 'guest'; readonly speech: readonly Span[]; readonly cutsMs: readonly number[] };

type Props = {
  readonly lanes: readonly Lane[];
  readonly overlaps: readonly Span[];
  readonly spanMs: number;
  readonly playheadMs: number | null;
  /** What it shows, in words. */
  readonly label: string;
};

const ROW_PX = 16;
const ROW_GAP_PX = 8;
const OVERLAP_PX = 4;
const SCALE_PX = 18;
/** What is shorter would not be seen. */
const LEAST_WIDTH_SHARE = 0.0012;

export function Lanes({ lanes, overlaps, spanMs, playheadMs, label }: Props): JSX.Element {
  const rowsPx = lanes.length * (ROW_PX + ROW_GAP_PX) - ROW_GAP_PX;
  const at = (ms: number): string => `${((ms / spanMs) * 100).toFixed(3)}%`;
  const wide = ({ startMs, endMs }: Span): string => `${(Math.max(LEAST_WIDTH_SHARE, (endMs - startMs) / spanMs) * 100).toFixed(3)}%`;
  return (
    <svg class="lanes" height={rowsPx + SCALE_PX} role="img" aria-label={label}>
      {lanes.map(({ name, hue, speech }, row) => (
        <g key={name} class={hue} transform={`translate(0 ${row * (ROW_PX + ROW_GAP_PX)})`}>
          <rect class="track" width="100%" height={ROW_PX} rx="2" />
          {speech.map((span) => (
            <rect key={span.startMs} class="speech" x={at(span.startMs)} width={wide(span)} height={ROW_PX} />
          ))}
        </g>
      ))}
      {overlaps.map((span) => (
        <rect key={span.startMs} class="overlap" x={at(span.startMs)} width={wide(span)} y={ROW_PX + (ROW_GAP_PX - OVERLAP_PX) / 2} height={OVERLAP_PX} />
      ))}
      {lanes.flatMap(({ name, cutsMs }, row) =>
        cutsMs.map((ms) => (
          <svg key={`${name}${ms}`} x={at(ms)} y={row * (ROW_PX + ROW_GAP_PX)} overflow="visible">
            <path class="cut" d={`M-1 -2h2v${ROW_PX + 4}h-2z`} />
          </svg>
        )),
      )}
      {ticks(spanMs).map((ms) => (
        <svg key={ms} x={at(ms)} overflow="visible">
          <path class="tick" d={`M0 ${rowsPx}v4`} />
          <text x={ms === 0 ? 0 : -10} y={rowsPx + 15}>
            {clockTime(ms)}
          </text>
        </svg>
      ))}
      {playheadMs !== null && <line class="playhead" x1={at(playheadMs)} x2={at(playheadMs)} y1={-2} y2={rowsPx + 4} />}
    </svg>
  );
}

const STEPS_SECS = [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
/** More would run into each other on a phone. */
const MOST_TICKS = 6;

function ticks(spanMs: number): number[] {
  const stepMs = 1000 * (STEPS_SECS.find((secs) => spanMs / (secs * 1000) <= MOST_TICKS) ?? 7200);
  return Array.from({ length: Math.ceil(spanMs / stepMs) }, (_, i) => i * stepMs).filter((ms) => ms < spanMs * 0.96);
}

/** What the marks between and over the rows mean. */
export function LanesKey(): JSX.Element {
  return (
    <ul class="latency-key">
      <li>
        <span class="swatch overlap-mark" />
        Both speak
      </li>
      <li>
        <span class="swatch cut-off-mark" />
        Cut off
      </li>
    </ul>
  );
}
