/** Every figure of each agent with what it means. Two families that are never mixed: what was heard, and what stages reported. */
import type { RunDocument } from '../../metrics/pages/run-document.ts';
import { NONE } from '../parts/figures.ts';
import { COUNTS, type Definition, HEARD, REPORTED } from './definitions.ts';

export function Conduct({ told }: { readonly told: RunDocument }) {
  return (
    <section class="panel" aria-labelledby="metrics">
      <div class="panel-head">
        <h2 id="metrics">Metrics</h2>
        <p class="faint">what nobody could measure in this call is left out</p>
      </div>
      <div class="scroll-across" tabIndex={0} role="group" aria-label="Metrics">
        <table class="metrics">
          <thead>
            <tr>
              <th scope="col">Figure</th>
              {told.metrics.agents.map(({ name }) => (
                <th scope="col" class={`figure speaker ${told.speakers.find((speaker) => speaker.name === name)?.side}`}>
                  {name}
                </th>
              ))}
              <th scope="col" class="meaning">
                What it means
              </th>
            </tr>
          </thead>
          <Family title="Heard: measured on the wire, what a listener experiences" rows={HEARD} told={told} />
          <Family title="Reported: what an agent's own stages saw" rows={REPORTED} told={told} />
          <Family title="Counted" rows={COUNTS} told={told} />
        </table>
      </div>
    </section>
  );
}

function Family({ title, rows, told }: { readonly title: string; readonly rows: readonly Definition[]; readonly told: RunDocument }) {
  const { agents } = told.metrics;
  const shown = rows.filter(({ of }) => agents.some((agent) => of(agent) !== NONE));
  if (shown.length === 0) return null;
  return (
    <tbody>
      <tr class="family">
        <th scope="rowgroup" colSpan={agents.length + 2}>
          {title}
        </th>
      </tr>
      {shown.map(({ name, unit, meaning, of }) => (
        <tr>
          <th scope="row">
            <code>{name}</code> <span class="faint unit">{unit}</span>
          </th>
          {agents.map((agent) => (
            <td class="figure">{of(agent)}</td>
          ))}
          <td class="meaning">{meaning}</td>
        </tr>
      ))}
    </tbody>
  );
}
