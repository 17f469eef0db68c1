/** Whether it got worse than the baseline: what changed, by how much, and where to listen to it. */
import type { ComparedStory } from '../../../metrics/pages/suite-document.ts';

/** What follows on the page is to be seen even where everything broke. */
const MOST_TURNED = 10;

export function Compared({ compared: { name, pairs, notes, turned, changes } }: { readonly compared: ComparedStory }) {
  const shown = changes.filter(({ judgement }) => judgement !== 'same');
  const same = changes.filter(({ judgement }) => judgement === 'same');
  return (
    <section class="panel" aria-labelledby="compared">
      <div class="panel-head">
        <h2 id="compared">Compared with {name}</h2>
        <p class="faint">{pairs}</p>
      </div>
      <div class="panel-body">
        {turned.length > 0 && (
          <div class="turned">
            <Turned cases={turned.slice(0, MOST_TURNED)} />
            {turned.length > MOST_TURNED && (
              <details>
                <summary>{turned.length - MOST_TURNED} more that turned out otherwise</summary>
                <Turned cases={turned.slice(MOST_TURNED)} />
              </details>
            )}
          </div>
        )}
        {shown.length > 0 && <Changes rows={shown} />}
        {notes.map((note) => (
          <p class="note faint">{note}</p>
        ))}
        {same.length > 0 && (
          <details>
            <summary>The figures that did not change beyond chance</summary>
            <Changes rows={same} />
          </details>
        )}
      </div>
    </section>
  );
}

function Turned({ cases }: { readonly cases: ComparedStory['turned'] }) {
  return (
    <ul>
      {cases.map(({ id, before, after }) => (
        <li>
          <b>{id}</b> was {before}, is {after}
        </li>
      ))}
    </ul>
  );
}

function Changes({ rows }: { readonly rows: ComparedStory['changes'] }) {
  return (
    <div class="scroll-across" tabIndex={0} role="group" aria-label="Figures, before and after">
      <table class="plain wide changes">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            {['Before', 'After', 'Difference', '95 % interval', 'p'].map((title) => (
              <th scope="col" class="figure">
                {title}
              </th>
            ))}
            <th scope="col">Judgement</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ figure, before, after, difference, interval, p, judgement, where }) => (
            <>
              <tr>
                <th scope="row">{figure}</th>
                {[before, after, difference, interval, p].map((value) => (
                  <td class="figure">{value}</td>
                ))}
                <td>{judgement === 'same' ? 'same' : <span class={`badge ${judgement === 'worse' ? 'bad' : 'good'}`}>{judgement}</span>}</td>
              </tr>
              {where !== '' && (
                <tr class="where">
                  <td colSpan={7}>{where}</td>
                </tr>
              )}
            </>
          ))}
        </tbody>
      </table>
    </div>
  );
}
