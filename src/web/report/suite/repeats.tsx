/** Scenarios that were run more than once: how often each passes, and which cannot be relied on. */
import type { RepeatedScenario } from '../../../metrics/repeats.ts';
import { percent } from '../../parts/figures.ts';

export function Repeats({ repeats }: { readonly repeats: readonly RepeatedScenario[] }) {
  if (repeats.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="repeats">
      <div class="panel-head">
        <h2 id="repeats">Repeats</h2>
        <p class="faint">bar: 95 % interval of the pass rate</p>
      </div>
      <div class="scroll-across" tabIndex={0} role="group" aria-label="Repeats">
        <table class="plain wide repeats">
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              <th scope="col" class="figure">
                Passed
              </th>
              <th scope="col">
                <span class="visually-hidden">Interval</span>
              </th>
              <th scope="col" class="figure" title="how likely three in a row pass">
                All of 3
              </th>
            </tr>
          </thead>
          <tbody>
            {repeats.map(({ file, variant, passes, runs, broken, interval: [low, high], pass_hat_3, flaky }) => (
              <tr>
                <th scope="row">
                  {[file, ...Object.entries(variant).map(([key, value]) => `${key}=${value}`)].join(' ')} {flaky && <span class="badge warn">flaky</span>}
                </th>
                <td class="figure">
                  {passes}/{runs}
                  {broken > 0 && <span class="faint"> (+{broken} broken)</span>}
                </td>
                <td class="interval-cell">
                  <span class="interval" title={`${percent(low)} to ${percent(high)}`}>
                    <span style={{ left: `${low * 100}%`, width: `${Math.max(1, (high - low) * 100)}%` }} />
                  </span>
                  <span class="visually-hidden">
                    {percent(low)} to {percent(high)}
                  </span>
                </td>
                <td class="figure">{percent(pass_hat_3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
