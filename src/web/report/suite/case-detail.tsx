/** All that results.json says of one case: why, what was expected, how long each turn was waited for, and its figures. */
import type { CaseStory, Remark } from '../../../metrics/pages/suite-document.ts';
import { effectOf } from '../../../metrics/compared-figures.ts';
import { milliseconds, percent } from '../../parts/figures.ts';
import { toneOfCheck } from '../tones.ts';

export function CaseDetail({ story }: { readonly story: CaseStory }) {
  const { reasons, remarks, checks, figures, gaps, links, warnings } = story;
  return (
    <div class="case-detail">
      <Told remarks={reasons} className="told" />
      <Told remarks={remarks} className="told faint" />
      {checks.length > 0 && (
        <ul class="case-checks">
          {checks.map(({ index, expected, outcome, saw, severity }) => (
            <li key={index}>
              <span class={`badge ${toneOfCheck({ outcome, severity })}`}>{outcome === 'not_reached' ? 'not reached' : outcome}</span> {severity === 'should' && <span class="faint">should: </span>}
              {expected} <span class="faint">{saw}</span>
            </li>
          ))}
        </ul>
      )}
      {gaps.ms.some((gap) => gap !== null) && <Waits gaps={gaps} />}
      {Object.keys(figures).length > 0 && (
        <dl class="case-figures">
          {Object.entries(figures).map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd class="figure">{shown(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {warnings.map((warning) => (
        <p class="faint">Warning: {warning}</p>
      ))}
      {links.length > 0 ? (
        <p class="links">
          {links.map(({ name, address }) => (
            <a href={address}>{name}</a>
          ))}
        </p>
      ) : (
        <p class="faint">Nothing more was kept of it (--keep all keeps every case).</p>
      )}
    </div>
  );
}

function Told({ remarks, className }: { readonly remarks: readonly Remark[]; readonly className: string }) {
  if (remarks.length === 0) return null;
  return (
    <ul class={className}>
      {remarks.map(({ where, text }) => (
        <li>
          <code>{where}</code> {text}
        </li>
      ))}
    </ul>
  );
}

/** One bar for each turn: up is waiting, down is talking over. */
function Waits({ gaps: { first, ms } }: Pick<CaseStory, 'gaps'>) {
  const most = Math.max(1000, ...ms.map((gap) => Math.abs(gap ?? 0)));
  const described = ms.map((gap, i) => (gap === null ? '' : `turn ${i + 1}: ${gap} ms`)).filter(Boolean);
  return (
    <figure class="waits">
      <figcaption class="faint">Milliseconds before each turn; the longest {milliseconds(Math.max(...ms.map((gap) => gap ?? 0)))}</figcaption>
      <div class="waits-bars" role="img" aria-label={described.join(', ')}>
        {ms.map((gap, i) => (
          <span
            class={`wait ${(i % 2 === 0) === (first === 'system') ? 'first' : 'second'} ${(gap ?? 0) < 0 ? 'negative' : ''}`}
            title={gap === null ? `turn ${i + 1}` : `turn ${i + 1}: ${gap} ms`}
            style={{ height: `${Math.max(2, (Math.abs(gap ?? 0) / most) * 44)}px` }}
          />
        ))}
      </div>
    </figure>
  );
}

function shown(figure: string, value: number): string {
  const { unit } = effectOf(figure);
  switch (unit) {
    case 'ms':
      return `${milliseconds(value)} ms`;
    case 'share':
      return percent(value);
    case 'secs':
      return `${value.toFixed(1)} s`;
    case 'number':
    case 'count':
      return value.toFixed(2);
    default:
      return String(value);
  }
}
