/** How latencies are spread: every value as a point, the median and the 95th percentile as lines, agent beside agent on one scale. */
import { type Summary, TAIL_NEEDS_VALUES } from '../../metrics/aggregate.ts';
import { EARLY_MS, LATE_MS } from '../../metrics/turn-taking.ts';
import { milliseconds } from '../parts/figures.ts';
import type { Call } from './call.ts';

type Values = { readonly agent: string; readonly values: readonly number[]; readonly summary: Summary };
type Chart = { readonly title: string; readonly family: string; readonly rows: readonly Values[] };

export function Spread({ call }: { readonly call: Call }) {
  const charts = chartsOf(call).filter(({ rows }) => rows.some(({ values }) => values.length > 0));
  const few = charts.some(({ rows }) => rows.some(({ values }) => values.length > 0 && values.length < TAIL_NEEDS_VALUES));
  return (
    <section class="panel" aria-labelledby="spread">
      <div class="panel-head">
        <h2 id="spread">How it is spread</h2>
        <p class="faint">milliseconds</p>
      </div>
      <div class="panel-body charts">
        {charts.map((chart) => (
          <SpreadChart chart={chart} call={call} />
        ))}
      </div>
      <p class="legend faint">
        Line: median. Ring: 95th percentile{few ? `, which says little of fewer than ${TAIL_NEEDS_VALUES} values` : ''}. Shaded: answers on time, {EARLY_MS} to {LATE_MS} ms.
      </p>
    </section>
  );
}

function chartsOf({ told: { metrics, turns } }: Call): Chart[] {
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
  const reported = (title: string, name: 'end_of_turn_delay' | 'ttft' | 'tts_ttfb'): Chart => ({
    title,
    family: 'reported',
    rows: metrics.agents.map((agent) => ({
      agent: agent.name,
      values: known(metrics.records.filter(({ agent_name }) => agent_name === agent.name).map((record) => record[name])),
      summary: agent.reported[name],
    })),
  });
  return [
    {
      title: 'Response, as heard',
      family: 'heard',
      rows: metrics.agents.map((agent) => ({
        agent: agent.name,
        values: known(turns.filter(({ speaker }) => speaker === agent.name).map(({ gapMs }) => gapMs)),
        summary: agent.heard.response_latency,
      })),
    },
    reported('End of turn', 'end_of_turn_delay'),
    reported('LLM, to its first token', 'ttft'),
    reported('TTS, to its first audio', 'tts_ttfb'),
  ];
}

const ROW = 26;

function SpreadChart({ chart: { title, family, rows }, call }: { readonly chart: Chart; readonly call: Call }) {
  const all = rows.flatMap(({ values }) => values);
  const low = Math.min(0, ...all);
  const high = niceEnd(Math.max(500, ...all));
  // In percent, so that points and letters keep their size however wide the chart is.
  const share = (ms: number): number => ((ms - low) / (high - low)) * 100;
  const x = (ms: number): string => `${share(ms).toFixed(2)}%`;
  const ticks = [0, high / 2, high];
  const height = rows.length * ROW;
  return (
    <figure class="chart">
      <figcaption>
        {title} <span class="faint">{family}</span>
      </figcaption>
      <div class="chart-grid">
        <ul class="chart-names">
          {rows.map(({ agent, summary }) => (
            <li>
              <span class={`speaker ${call.sideOf(agent)}`}>{agent}</span>{' '}
              <span class="figure">
                {milliseconds(summary.p50)} <span class="faint">/ {milliseconds(summary.p95)}</span>
              </span>
            </li>
          ))}
        </ul>
        <svg height={height + 16} role="img" aria-label={describe(title, rows)}>
          {family === 'heard' && <rect class="on-time" x={x(EARLY_MS)} y={0} width={`${Math.max(0, share(Math.min(LATE_MS, high)) - share(EARLY_MS))}%`} height={height} />}
          {ticks.map((ms) => (
            <>
              <line class="grid" x1={x(ms)} x2={x(ms)} y1={0} y2={height} />
              <text x={x(ms)} y={height + 13} text-anchor={ms === high ? 'end' : ms === low ? 'start' : 'middle'}>
                {ms}
              </text>
            </>
          ))}
          {rows.map(({ agent, values, summary }, i) => (
            <g class={call.sideOf(agent)} transform={`translate(0 ${i * ROW})`}>
              <line class="axis" x1="0%" x2="100%" y1={ROW / 2} y2={ROW / 2} />
              {values.map((value, k) => (
                <circle class="value" cx={x(value)} cy={ROW / 2 + ((k % 3) - 1) * 4} r={3} />
              ))}
              {summary.p50 !== null && <line class="median" x1={x(summary.p50)} x2={x(summary.p50)} y1={3} y2={ROW - 3} />}
              {summary.p95 !== null && <circle class="tail" cx={x(summary.p95)} cy={ROW / 2} r={6} />}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}

function describe(title: string, rows: readonly Values[]): string {
  const told = rows.map(({ agent, summary: { n, p50, p95, min, max } }) => `${agent}: ${n} values, median ${milliseconds(p50)}, P95 ${milliseconds(p95)}, from ${milliseconds(min)} to ${milliseconds(max)} ms`);
  return `${title}. ${told.join('. ')}`;
}

/** The next of 1, 2, 2.5, 5 times a power of ten; an axis that ends there can be read. */
function niceEnd(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((end) => end >= most) ?? most;
}
