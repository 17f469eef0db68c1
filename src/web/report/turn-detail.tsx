/** How the turn that is heard came about, stage by stage: the same times as in the latency of all turns, one beneath the other. */
import { milliseconds, seconds, tenthTime } from '../parts/figures.ts';
import type { Call } from './call.ts';
import { STAGE_NAMES } from './stages.ts';

export function TurnDetail({ call }: { readonly call: Call }) {
  const turn = call.turn.value ?? call.told.turns[0];
  if (!turn) return null;
  const { number, speaker, startMs, fromMs, stages, gapMs, cut } = turn;
  const totalMs = Math.max(1, startMs - fromMs);
  return (
    <section class="panel turn-detail" aria-labelledby="turn-detail">
      <div class="panel-head">
        <h2 id="turn-detail">How turn {number} came about</h2>
        <p class={`speaker ${call.sideOf(speaker)}`}>{speaker}</p>
      </div>
      <div class="panel-body">
        <p>
          {gapMs === null && `The first turn: heard ${seconds(totalMs)} after both had joined.`}
          {gapMs !== null && gapMs >= 0 && `Heard ${seconds(gapMs)} after the turn before had ended.`}
          {gapMs !== null && gapMs < 0 && `Began while the other one was still speaking, for ${seconds(-gapMs)} more.`}
          {cut && ' It was cut off.'}
        </p>
        {stages.length > 0 && (
          <ol class="cascade">
            {stages.map(({ stage, startMs: begunMs, endMs, detail }) => (
              <li>
                <span class="cascade-name">
                  {STAGE_NAMES[stage]}
                  {detail !== '' && <span class="faint">, {detail}</span>}
                </span>
                <span class="figure">{milliseconds(endMs - begunMs)} ms</span>
                <span class="cascade-track" aria-hidden="true">
                  <span class={`bar ${stage}`} style={{ left: `${((begunMs - fromMs) / totalMs) * 100}%`, width: `${((endMs - begunMs) / totalMs) * 100}%` }} />
                </span>
              </li>
            ))}
          </ol>
        )}
        <p class="faint">
          {tenthTime(fromMs)} to {tenthTime(startMs)}; reported by the agent's own stages, but for both ends, which were heard.
        </p>
      </div>
    </section>
  );
}
