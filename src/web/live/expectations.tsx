/** What is expected of the call, and each verdict as soon as nothing can change it any more. */
import type { JSX } from 'preact';
import { clockTime } from '../../base/figure-text.ts';
import type { CheckResult } from '../../metrics/checks/check.ts';
import type { PageState } from './page-state.ts';

type Outcome = CheckResult['outcome'] | 'open';

const MARKS: Readonly<Record<Outcome, { readonly sign: string; readonly word: string; readonly hue: string }>> = {
  open: { sign: '○', word: 'open', hue: '' },
  held: { sign: '✓', word: 'held', hue: 'good' },
  failed: { sign: '✕', word: 'failed', hue: 'bad' },
  not_reached: { sign: '–', word: 'not reached', hue: 'warn' },
};

export function Expectations({ page }: { readonly page: PageState }): JSX.Element | null {
  const listed = page.run.value?.expectations ?? [];
  if (listed.length === 0) return null;
  const checks = page.checks.value;
  const held = [...checks.values()].filter(({ outcome }) => outcome === 'held').length;
  return (
    <section class="panel" aria-labelledby="expectations-head">
      <div class="panel-head">
        <h2 id="expectations-head">Expected</h2>
        <span class="faint">
          {held} of {listed.length} held
        </span>
      </div>
      <ul class="expectations">
        {listed.map(({ index, severity, text }) => {
          const check = checks.get(index);
          const { sign, word, hue } = MARKS[check?.outcome ?? 'open'];
          return (
            <li key={index} class={check?.outcome ?? 'open'}>
              <span class={`mark ${hue}`} aria-hidden="true">
                {sign}
              </span>
              <div>
                <p>
                  <span class="visually-hidden">{`${word}: `}</span>
                  {check?.expected ?? text}
                  {severity === 'should' && <span class="faint"> (should)</span>}
                </p>
                {check && (
                  <p class="faint">
                    {check.outcome === 'not_reached' && 'not reached, '}
                    {check.saw}
                    {check.place?.atMs !== null && check.place?.atMs !== undefined && ` at ${clockTime(check.place.atMs)}`}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
