/** What the call cost, by agent and provider. Absent where nobody bills anything; unknown is a word and never a zero. */
import { dollars, exactDollars } from '../../base/dollars.ts';
import { isBilled } from '../../metrics/cost.ts';
import type { RunDocument } from '../../metrics/pages/run-document.ts';

const PARTS = [
  ['llm', 'LLM'],
  ['judge', 'End of turn'],
  ['tts', 'Voice'],
  ['transcription', 'Transcription'],
  ['room', 'Room'],
  ['total', 'In all'],
] as const;

export function Money({ told }: { readonly told: RunDocument }) {
  const { cost, agents } = told.metrics;
  if (!isBilled(cost)) return null;
  const rows = PARTS.filter(([part]) => agents.some((agent) => agent.cost[part] !== 0));
  return (
    <section class="panel" aria-labelledby="cost">
      <div class="panel-head">
        <h2 id="cost">Cost</h2>
        <p class="faint">{cost.oldest_price === null ? '' : `prices of ${cost.oldest_price}`}</p>
      </div>
      <div class="panel-body">
        <p class="sum">
          {cost.at_least && cost.total !== null && 'at least '}
          <b>{dollars(cost.total)}</b>
          {cost.budget !== null && ` of a budget of ${exactDollars(cost.budget)}`}
          {cost.evaluation !== 0 && cost.evaluation !== null && `, of it ${dollars(cost.evaluation)} for judging it`}
          {cost.others !== 0 && cost.others !== null && `, of it ${dollars(cost.others)} for others in the room`}
        </p>
        {cost.unknown.length > 0 && <p>No price is known for {cost.unknown.join(', ')}.</p>}
        {rows.length > 0 && <Parts agents={agents} rows={rows} />}
      </div>
    </section>
  );
}

function Parts({ agents, rows }: { readonly agents: RunDocument['metrics']['agents']; readonly rows: readonly (typeof PARTS)[number][] }) {
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col" />
          {agents.map(({ name }) => (
            <th scope="col" class="figure">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([part, name]) => (
          <tr>
            <th scope="row">{name}</th>
            {agents.map((agent) => (
              <td class="figure">{agent.cost[part] === 0 ? '–' : dollars(agent.cost[part])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
