/** The running figures of a call: medians by stage, who talked over whom, what it costs. All from the folds of the log. */
import type { JSX } from 'preact';
import { dollars } from '../../base/dollars.ts';
import { type CallView, STAGES } from '../../metrics/call-view.ts';
import { isBilled } from '../../metrics/cost.ts';
import { figuresOf } from '../../metrics/run-figures.ts';
import { milliseconds, NONE, percent } from '../parts/figures.ts';
import { LatencyKey } from '../parts/latency-bar.tsx';
import { hueOf } from './transcript.tsx';

const STAGE_HEADS: Readonly<Record<(typeof STAGES)[number], string>> = { endOfTurnMs: 'End of turn', llmMs: 'LLM', ttsMs: 'TTS', heardMs: 'As heard' };

export function FiguresPanel({ view }: { readonly view: CallView }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="figures-head">
      <div class="panel-head">
        <h2 id="figures-head">Latency</h2>
        <span class="faint">{view.ended ? 'medians, ms' : 'medians so far, ms'}</span>
      </div>
      <div class="panel-body figures">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">Agent</span>
              </th>
              {STAGES.map((stage) => (
                <th key={stage} scope="col" class="figure">
                  {STAGE_HEADS[stage]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.seats.map(({ agent, medians }, i) => (
              <tr key={agent.name} class={hueOf(i)}>
                <th scope="row" class="speaker" title={agent.name}>
                  {agent.name}
                </th>
                {STAGES.map((stage) => (
                  <td key={stage} class={stage === 'heardMs' ? 'figure strong' : 'figure'}>
                    {milliseconds(medians[stage])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <LatencyKey />
      </div>
      <Counts view={view} />
    </section>
  );
}

function Counts({ view }: { readonly view: CallView }): JSX.Element {
  const { conversation, agents, cost } = figuresOf(view.run);
  const cutOff = agents.reduce((sum, agent) => sum + agent.cut_off, 0);
  const rows: readonly (readonly [string, string])[] = [
    ['Turns', String(conversation.turns)],
    ['Interruptions', cutOff === 0 ? String(conversation.interruptions) : `${conversation.interruptions} (${cutOff} cut off)`],
    ['Talking over', percent(conversation.talk_over_share)],
    ['Dead air', conversation.dead_air.count === 0 ? 'none' : `${conversation.dead_air.count}, longest ${conversation.dead_air.longest_secs.toFixed(1)} s`],
    ['Cost', isBilled(cost) ? `${cost.at_least && cost.total !== null ? 'at least ' : ''}${dollars(cost.total)}` : 'free'],
  ];
  return (
    <dl class="counts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value || NONE}</dd>
        </div>
      ))}
    </dl>
  );
}
