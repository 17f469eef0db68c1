/** The turns that were waited for longest, and those that talked over most, of all cases: where to listen first. */
import type { CaseStory, SuiteDocument, WorstTurn } from '../../../metrics/pages/suite-document.ts';
import { seconds } from '../../parts/figures.ts';

export function WorstTurns({ told: { worst, cases } }: { readonly told: SuiteDocument }) {
  return (
    <section class="panel" aria-labelledby="worst">
      <div class="panel-head">
        <h2 id="worst">The worst turns</h2>
        <p class="faint">as heard, of all cases</p>
      </div>
      <Turns title="Waited for longest" turns={worst.waits} none="No turn came later than 2 s." cases={cases} />
      <Turns title="Talked over longest" turns={worst.overs} none="None talked over the one before for 0.3 s." cases={cases} />
    </section>
  );
}

type TurnsProps = { readonly title: string; readonly turns: readonly WorstTurn[]; readonly none: string; readonly cases: readonly CaseStory[] };

function Turns({ title, turns, none, cases }: TurnsProps) {
  return (
    <div class="worst-group">
      <h3>{title}</h3>
      {turns.length === 0 ? (
        <p class="faint">{none}</p>
      ) : (
        <ol class="worst">
          {turns.map(({ case: index, turn, role, gapMs }) => (
            <li>
              <span class={`figure ${gapMs < 0 ? 'over' : 'late'}`}>{seconds(gapMs).replace('-', '−')}</span>
              <span>
                <TurnOf story={cases[index]} turn={turn} /> <span class="faint">the {role}'s</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** The way to the turn in the case's own page, where it was kept. */
function TurnOf({ story, turn }: { readonly story: CaseStory | undefined; readonly turn: number }) {
  const report = story?.links.find(({ name }) => name === 'report');
  const text = `turn ${turn} of ${story?.id ?? ''}`;
  return report ? <a href={`${report.address}#turn-${turn}`}>{text}</a> : <>{text}</>;
}
