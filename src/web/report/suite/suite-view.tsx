/** The page of a test run: what it came to, what got worse, the worst turns, and every case. */
import { clockTime, counted } from '../../../base/figure-text.ts';
import type { SuiteDocument } from '../../../metrics/pages/suite-document.ts';
import { VERDICTS } from '../../../metrics/verdict.ts';
import { Wordmark } from '../../parts/wordmark.tsx';
import { toneOf } from '../tones.ts';
import { Cases } from './cases.tsx';
import { Compared } from './compared.tsx';
import { Repeats } from './repeats.tsx';
import { WorstTurns } from './worst-turns.tsx';

export function SuiteView({ told }: { readonly told: SuiteDocument }) {
  return (
    <main class="report">
      <Head told={told} />
      {told.compared && <Compared compared={told.compared} />}
      <div class="halves">
        <WorstTurns told={told} />
        <Repeats repeats={told.repeats} />
      </div>
      <Cases told={told} />
    </main>
  );
}

function Head({ told: { about, cases, cost } }: { readonly told: SuiteDocument }) {
  const callMs = cases.reduce((sum, { call_secs }) => sum + call_secs * 1000, 0);
  const shown = VERDICTS.filter((verdict) => about.totals[verdict] > 0).toReversed();
  const facts = [
    `${clockTime(callMs)} of calls in ${about.wall_secs.toFixed(1)} s`,
    ...(cost === '' ? [] : [cost]),
    about.started_at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
    `bottalk ${about.bottalk}`,
  ];
  return (
    <header class="verdict-head">
      <Wordmark />
      <div class="verdict-line">
        <h1>{counted(cases.length, 'case')}</h1>
        {shown.map((verdict) => (
          <span class={`badge large ${toneOf(verdict)}`}>
            {about.totals[verdict]} {verdict}
          </span>
        ))}
      </div>
      {about.stopped && <p class="said">Stopped before every case had run.</p>}
      <div class="shares" aria-hidden="true">
        {shown.map((verdict) => (
          <span class={`share ${toneOf(verdict)}`} style={{ flexGrow: about.totals[verdict] }} />
        ))}
      </div>
      <p class="facts">{facts.join('  ·  ')}</p>
    </header>
  );
}
