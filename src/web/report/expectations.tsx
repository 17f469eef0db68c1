/** What was expected and what became of it, each with the way to the moment that decided it. */
import type { CheckResult } from '../../metrics/checks/check.ts';
import { tenthTime } from '../parts/figures.ts';
import { type Call, momentLink } from './call.ts';
import { toneOfCheck } from './tones.ts';

const OUTCOMES = { held: 'held', failed: 'failed', not_reached: 'not reached' } as const;

export function Expectations({ call }: { readonly call: Call }) {
  const { checks } = call.told.metrics;
  const held = checks.filter(({ outcome }) => outcome === 'held').length;
  const shown = checks.toSorted((a, b) => rank(a) - rank(b) || a.index - b.index);
  return (
    <section class="panel" aria-labelledby="expectations">
      <div class="panel-head">
        <h2 id="expectations">Expectations</h2>
        {checks.length > 0 && (
          <p class="faint">
            {held} of {checks.length} held
          </p>
        )}
      </div>
      {checks.length === 0 ? (
        <p class="panel-body faint">The scenario expects nothing.</p>
      ) : (
        <ul class="checks">
          {shown.map((check) => (
            <Check check={check} call={call} />
          ))}
        </ul>
      )}
    </section>
  );
}

function rank({ outcome, severity }: CheckResult): number {
  return outcome === 'held' ? 2 : severity === 'must' ? 0 : 1;
}

function Check({ check, call }: { readonly check: CheckResult; readonly call: Call }) {
  const { expected, outcome, saw, severity, line, note } = check;
  const atMs = call.told.decidedMs[check.index - 1] ?? null;
  return (
    <li class={`check ${toneOfCheck(check)}`}>
      <span class={`badge ${toneOfCheck(check)}`}>{OUTCOMES[outcome]}</span>
      <div>
        <p>
          {severity === 'should' && <span class="faint">should: </span>}
          {expected}
        </p>
        <p class="saw">{saw}</p>
        {note && <p class="saw">{note}</p>}
        <p class="saw">
          {atMs !== null && (
            <a href={momentLink(atMs)} onClick={() => call.player.seek(atMs)}>
              {turnText(check, call, atMs)}
              {tenthTime(atMs)}
            </a>
          )}
          {line !== null && <span class="faint"> line {line}</span>}
        </p>
      </div>
    </li>
  );
}

/** A limit is not decided by one turn, but one of them shows it most. */
function turnText({ place }: CheckResult, { told }: Call, atMs: number): string {
  if (place?.turn) return `turn ${place.turn}, `;
  if (place?.atMs !== null && place?.atMs !== undefined) return '';
  const turn = told.turns.find(({ startMs, endMs }) => startMs <= atMs && atMs <= endMs);
  return turn ? `shows most in turn ${turn.number}, ` : 'shows most at ';
}
