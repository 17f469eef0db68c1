/** What became of the call, when it is over: the verdict in a word, how it ended, and where to look at it closely. */
import type { JSX } from 'preact';
import type { EndedBy } from '../../events/event.ts';
import { invalidReasons } from '../../metrics/validity.ts';
import type { Verdict } from '../../metrics/verdict.ts';
import type { PageState } from './page-state.ts';

const VERDICTS: Readonly<Record<Verdict, { readonly word: string; readonly hue: string }>> = {
  passed: { word: 'Passed', hue: 'good' },
  failed: { word: 'Failed', hue: 'bad' },
  ran: { word: 'Ran', hue: '' },
  invalid: { word: 'Invalid', hue: 'warn' },
  errored: { word: 'Broken off', hue: 'bad' },
  cancelled: { word: 'Stopped', hue: '' },
};

const ENDINGS: Readonly<Record<EndedBy, string>> = {
  end_conversation: 'An agent ended the conversation',
  goodbye: 'They said goodbye',
  hangup: 'Somebody hung up',
  max_turns: 'All turns were used',
  inactivity: 'Nobody said anything any more',
  max_duration: 'The longest time was reached',
  budget: 'The budget was used up',
  cancelled: 'Stopped by hand',
  error: 'Something broke',
};

export function Outcome({ page }: { readonly page: PageState }): JSX.Element | null {
  const ending = page.ending.value;
  const view = page.view.value;
  if (!ending || !view) return null;
  const { word, hue } = VERDICTS[ending.verdict];
  const missed = ending.verdict === 'failed' ? ending.checks.filter(({ severity, outcome }) => severity === 'must' && outcome !== 'held').length : 0;
  const reasons = ending.verdict === 'invalid' ? invalidReasons(view.run).map(({ text }) => text) : [];
  return (
    <section class={`panel outcome ${hue}`} aria-labelledby="outcome-head">
      <h2 id="outcome-head">
        <span class={`badge ${hue}`}>{word}</span>
      </h2>
      <div class="outcome-why">
        <p>
          {ENDINGS[ending.endedBy]}
          {ending.reason === null ? '.' : `: ${ending.reason}`}
        </p>
        {missed > 0 && <p class="trouble">{missed === 1 ? '1 expectation was not met.' : `${missed} expectations were not met.`}</p>}
        {reasons.map((reason) => (
          <p key={reason} class="doubt">
            {reason}
          </p>
        ))}
        {ending.failure !== null && <p class="trouble">{ending.failure}</p>}
      </div>
      <p class="outcome-links">
        {ending.report !== null && (
          <a class="button" href={ending.report}>
            Open the report
          </a>
        )}
        {ending.audio !== null && (
          <a class="button quiet" href={ending.audio} download>
            audio.wav
          </a>
        )}
      </p>
    </section>
  );
}
