/** Why every turn came when it came, and how the latencies of each agent are spread. */
import { milliseconds, seconds, tenthTime } from '../parts/figures.ts';
import type { Call } from './call.ts';
import { Gap } from './transcript.tsx';
import { Spread } from './spread.tsx';
import { STAGE_NAMES } from './stages.ts';

export function Latency({ call }: { readonly call: Call }) {
  const { turns } = call.told;
  const mostMs = Math.max(1000, ...turns.map(({ startMs, fromMs }) => startMs - fromMs));
  const shown = [...new Set(turns.flatMap(({ stages }) => stages.map(({ stage }) => stage)))];
  const order = ['end_of_turn', 'llm', 'tool', 'tts', 'rest'] as const;
  return (
    <div class="halves">
      <section class="panel" aria-labelledby="latency">
        <div class="panel-head">
          <h2 id="latency">Latency by turn</h2>
          <ul class="stage-legend">
            {order
              .filter((stage) => shown.includes(stage))
              .map((stage) => (
                <li>
                  <span class={`swatch ${stage}`} aria-hidden="true" /> {STAGE_NAMES[stage]}
                </li>
              ))}
          </ul>
        </div>
        <div class="scroll-across" tabIndex={0} role="group" aria-label="Latency by turn">
          <table class="waterfall">
            <thead class="visually-hidden">
              <tr>
                <th>Turn</th>
                <th>Speaker</th>
                <th>Stages</th>
                <th>As heard</th>
              </tr>
            </thead>
            <tbody>
              {turns.map((turn) => (
                <tr class={call.turn.value === turn ? 'current' : ''}>
                  <td>
                    <button type="button" class="time" onClick={() => call.player.play(Math.max(0, Math.min(turn.fromMs, turn.startMs) - 1000))} aria-label={`${tenthTime(turn.startMs)}: hear the wait before turn ${turn.number}`}>
                      {tenthTime(turn.startMs)}
                    </button>
                  </td>
                  <td class={`speaker ${call.sideOf(turn.speaker)}`} title={turn.speaker}>
                    {turn.speaker}
                  </td>
                  <td class="waterfall-cell">
                    <div class="waterfall-track">
                      {turn.stages.map(({ stage, startMs, endMs }) => (
                        <span
                          class={`bar ${stage}`}
                          title={`${STAGE_NAMES[stage]}: ${milliseconds(endMs - startMs)} ms`}
                          style={{ left: `${((startMs - turn.fromMs) / mostMs) * 100}%`, width: `${((endMs - startMs) / mostMs) * 100}%` }}
                        />
                      ))}
                      <span class="visually-hidden">{turn.stages.map(({ stage, startMs, endMs }) => `${STAGE_NAMES[stage]} ${endMs - startMs} ms`).join(', ')}</span>
                    </div>
                  </td>
                  <td class="figure">{turn.gapMs === null ? <span class="faint">{seconds(turn.startMs - turn.fromMs)}</span> : <Gap turn={turn} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p class="legend faint">From the end of the turn before, as heard, to the first sound of this one. Both on one scale: the longest took {seconds(mostMs)}.</p>
      </section>
      <Spread call={call} />
    </div>
  );
}
