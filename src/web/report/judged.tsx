/** What a model made of the call when it was over. Absent where nobody was asked. */
import { KPIS, meanText } from '../../metrics/kpis.ts';
import { type Call, momentLink } from './call.ts';

export function Judged({ call }: { readonly call: Call }) {
  const { evaluation } = call.told.metrics;
  if (!evaluation) return null;
  const { kpis, role, provider, model } = evaluation;
  return (
    <section class="panel" aria-labelledby="judged">
      <div class="panel-head">
        <h2 id="judged">As a model judged it</h2>
        <p class="faint">
          {provider} {model}
        </p>
      </div>
      <div class="panel-body">
        {kpis && (
          <>
            <p>
              <b>{kpis.outcome.replace('_', ' ')}</b>, {meanText(kpis.mean)} of 100 in the mean
            </p>
            <ul class="kpis">
              {KPIS.map((kpi) => (
                <li>
                  <span>{kpi.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}</span>
                  <meter min={0} max={100} value={kpis.scores[kpi]} aria-label={kpi} />
                  <span class="figure">{kpis.scores[kpi]}</span>
                </li>
              ))}
            </ul>
            {kpis.notes.length > 0 && (
              <ul class="notes">
                {kpis.notes.map(({ turn, label, sentiment }) => (
                  <li>
                    <a href={momentLink(call.told.turns[turn - 1]?.startMs ?? 0)}>turn {turn}</a> {label} <span class="faint">({sentiment})</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
        {role && (
          <p>
            {role.agent} {role.kept ? 'stayed in its role' : 'fell out of its role'}: {role.reason}
          </p>
        )}
        {!kpis && !role && <p class="faint">Expectations that a model decided stand among the expectations.</p>}
      </div>
    </section>
  );
}
