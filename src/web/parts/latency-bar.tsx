/** What a listener waited for a turn, as a figure and as a bar of the stages that took the time. Negative is talking over. */
import type { JSX } from 'preact';
import type { Stages } from '../../metrics/call-view.ts';
import { milliseconds, seconds } from './figures.ts';

/** As a bar and as words; in the order in which they happen. */
export const STAGE_NAMES = { endOfTurnMs: 'End of turn', llmMs: 'LLM', ttsMs: 'TTS' } as const;
type Stage = keyof typeof STAGE_NAMES;
const STAGE_KEYS = Object.keys(STAGE_NAMES) as Stage[];
const STAGE_CLASSES: Readonly<Record<Stage, string>> = { endOfTurnMs: 'end-of-turn', llmMs: 'llm', ttsMs: 'tts' };

/** `longestMs` is what fills the whole bar, so that bars can be compared. */
export function LatencyBar({ stages, longestMs }: { readonly stages: Stages; readonly longestMs: number }): JSX.Element {
  const { heardMs } = stages;
  const known = STAGE_KEYS.map((key) => ({ key, ms: stages[key] ?? 0 }));
  const restMs = heardMs === null ? 0 : heardMs - known.reduce((sum, { ms }) => sum + ms, 0);
  const share = (ms: number): string => `${Math.max(0, Math.min(100, (ms / longestMs) * 100)).toFixed(2)}%`;
  const isOver = heardMs !== null && heardMs < 0;
  return (
    <span class="latency" title={stageText(stages)}>
      <span class="latency-bar" aria-hidden="true">
        {known.map(({ key, ms }) => (
          <span key={key} class={STAGE_CLASSES[key]} style={{ width: share(ms) }} />
        ))}
        <span class="rest" style={{ width: share(restMs) }} />
      </span>
      <span class={isOver ? 'latency-figure over' : 'latency-figure'}>{heardMs === null ? '' : seconds(heardMs).replace('-', '−')}</span>
      <span class="visually-hidden">{stageText(stages)}</span>
    </span>
  );
}

/** The colours, named once. */
export function LatencyKey(): JSX.Element {
  return (
    <ul class="latency-key">
      {STAGE_KEYS.map((key) => (
        <li key={key}>
          <span class={`swatch ${STAGE_CLASSES[key]}`} />
          {STAGE_NAMES[key]}
        </li>
      ))}
      <li>
        <span class="swatch rest" />
        Rest
      </li>
    </ul>
  );
}

function stageText(stages: Stages): string {
  const parts = STAGE_KEYS.filter((key) => stages[key] !== null).map((key) => `${STAGE_NAMES[key]} ${milliseconds(stages[key])} ms`);
  return [...(stages.heardMs === null ? [] : [`heard after ${milliseconds(stages.heardMs)} ms`]), ...parts].join(', ');
}
