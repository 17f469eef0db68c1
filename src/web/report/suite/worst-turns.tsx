/** The turns that were waited for longest, and those that talked over most, of all cases: where to listen first. */
import type { CaseStory, SuiteDocument } from '../../../metrics/pages/suite-document.ts';
import { seconds } from '../../parts/figures.ts';

export function WorstTurns({ told: { worst, cases } }: { readonly told: SuiteDocument }) {
  return (
    <section class="panel" aria-labelledby="worst">
      <div class="panel-head">
        <h2 id="worst">The worst turns</h2>
        <p class="faint">as heard, of all cases</p>
      </div>
      {worst.length === 0 ? (
        <p class="panel-body faint">No turn came later than 2 s, and none talked over the one before for long.</p>
      ) : (
        <ol class="worst">
          {worst.map(({ case: index, turn, role, gapMs }) => (
            <li>
              <span class={`figure ${gapMs < 0 ? 'over' : 'late'}`}>{seconds(gapMs).replace('-', '−')}</span>
              <span>
                <TurnOf story={cases[index]} turn={turn} /> <span class="faint">the {role}'s</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The way to the turn in the case's own page, where it was kept. */
function TurnOf({ story, turn }: { readonly story: CaseStory | undefined; readonly turn: number }) {
  const report = story?.links.find(({ name }) => name === 'report');
  const text = `turn ${turn} of ${story?.id ?? ''}`;
  return report ? <a href={`${report.address}#turn-${turn}`}>{text}</a> : <>{text}</>;
}
