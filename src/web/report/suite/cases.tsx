/** Every case in a table, with filters; each opens to what there is to say of it. */
import { signal, useComputed, useSignal } from '@preact/signals';
import { dollars } from '../../../base/dollars.ts';
import { clockTime, counted } from '../../../base/figure-text.ts';
import type { CaseStory, SuiteDocument } from '../../../metrics/pages/suite-document.ts';
import type { Verdict } from '../../../metrics/verdict.ts';
import { milliseconds, NONE } from '../../parts/figures.ts';
import { toneOf } from '../tones.ts';
import { CaseDetail } from './case-detail.tsx';
import { ATTENTION, type Choice, chosen, LATENCY, type Order, ORDERS, SCORE } from './filter.ts';

/** By id: it stays open while filters change. */
const opened = signal<ReadonlySet<string>>(new Set());

export function Cases({ told: { cases, about, cost } }: { readonly told: SuiteDocument }) {
  const choice = useSignal<Choice>({ verdict: null, tag: null, words: '', order: 'attention' });
  const shown = useComputed(() => chosen(cases, choice.value));
  const choose = (part: Partial<Choice>): void => void (choice.value = { ...choice.value, ...part });
  const tags = [...new Set(cases.flatMap((each) => each.tags))].toSorted();
  return (
    <section class="panel" aria-labelledby="cases">
      <div class="panel-head">
        <h2 id="cases">Cases</h2>
        <p class="faint" role="status">
          {shown.value.length === cases.length ? counted(cases.length, 'case') : `${shown.value.length} of ${counted(cases.length, 'case')}`}
        </p>
      </div>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <fieldset class="choice">
          <legend class="visually-hidden">Verdict</legend>
          {([null, ...ATTENTION.filter((verdict) => about.totals[verdict] > 0)] as (Verdict | null)[]).map((verdict) => (
            <label>
              <input type="radio" name="verdict" value={verdict ?? 'all'} checked={choice.value.verdict === verdict} onChange={() => choose({ verdict })} />
              <span>
                {verdict ?? 'all'} <span class="faint">{verdict === null ? cases.length : about.totals[verdict]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label class="words">
          <span class="visually-hidden">Search</span>
          <input class="input" type="search" placeholder="Search names and reasons" value={choice.value.words} onInput={(event) => choose({ words: event.currentTarget.value })} />
        </label>
        {tags.length > 0 && (
          <label>
            <span class="visually-hidden">Tag</span>
            <select class="input" value={choice.value.tag ?? ''} onChange={(event) => choose({ tag: event.currentTarget.value || null })}>
              <option value="">every tag</option>
              {tags.map((tag) => (
                <option value={tag}>{tag}</option>
              ))}
            </select>
          </label>
        )}
        <label>
          <span class="visually-hidden">Order</span>
          <select class="input" value={choice.value.order} onChange={(event) => choose({ order: event.currentTarget.value as Order })}>
            {Object.entries(ORDERS).map(([order, name]) => (
              <option value={order}>{name}</option>
            ))}
          </select>
        </label>
      </form>
      <div class="scroll-across" tabIndex={0} role="group" aria-label="Cases">
        <table class="cases">
          <thead>
            <tr>
              <th scope="col">Verdict</th>
              <th scope="col">Case</th>
              <th scope="col" class="figure" title="median of the system's response latency, as heard">
                Latency, ms
              </th>
              <th scope="col" class="figure" title="turn-taking score of the system, 0 to 1">
                Score
              </th>
              <th scope="col" class="figure">
                Call
              </th>
              <th scope="col" class="figure">
                Turns
              </th>
              {cost !== '' && (
                <th scope="col" class="figure">
                  Cost
                </th>
              )}
              <th scope="col">Page</th>
            </tr>
          </thead>
          {shown.value.map((story) => (
            <Case key={story.id} story={story} costs={cost !== ''} />
          ))}
        </table>
      </div>
      {shown.value.length === 0 && <p class="panel-body faint">No case is like this.</p>}
    </section>
  );
}

function Case({ story, costs }: { readonly story: CaseStory; readonly costs: boolean }) {
  const { id, title, verdict, figures, call_secs: callSecs, turns, cost_usd: usd, cost_at_least: atLeast, links, attempts, reasons } = story;
  const isOpen = opened.value.has(id);
  const report = links.find(({ name }) => name === 'report');
  const toggle = (): void => {
    const next = new Set(opened.value);
    if (!next.delete(id)) next.add(id);
    opened.value = next;
  };
  return (
    <tbody class={`case ${isOpen ? 'open' : ''}`}>
      <tr>
        <td>
          <span class={`badge ${toneOf(verdict)}`}>{verdict}</span>
        </td>
        <td class="case-name">
          <button type="button" class="disclose" aria-expanded={isOpen} onClick={toggle}>
            {id}
          </button>
          <span class="title">
            {title}
            {attempts > 1 && `, the result of try ${attempts}`}
          </span>
          {!isOpen && reasons[0] && (
            <span class="first-reason">
              {reasons[0].text}
              {reasons.length > 1 && ` and ${reasons.length - 1} more`}
            </span>
          )}
        </td>
        <td class="figure">{milliseconds(figures[LATENCY] ?? null)}</td>
        <td class="figure">{figures[SCORE]?.toFixed(2) ?? NONE}</td>
        <td class="figure">{callSecs > 0 ? clockTime(callSecs * 1000) : NONE}</td>
        <td class="figure">{turns > 0 ? turns : NONE}</td>
        {costs && <td class="figure">{`${atLeast ? 'at least ' : ''}${dollars(usd)}`}</td>}
        <td>{report && <a href={report.address}>report</a>}</td>
      </tr>
      {isOpen && (
        <tr class="detail">
          <td colSpan={costs ? 8 : 7}>
            <CaseDetail story={story} />
          </td>
        </tr>
      )}
    </tbody>
  );
}
