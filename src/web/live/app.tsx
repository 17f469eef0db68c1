/** The page as a whole: what is next on one side, the call in the middle, its figures on the other. */
import type { JSX } from 'preact';
import { CallLanes } from './call-lanes.tsx';
import { ControlsBar } from './controls-bar.tsx';
import { Expectations } from './expectations.tsx';
import { FiguresPanel } from './figures-panel.tsx';
import { Notices } from './notices.tsx';
import { Outcome } from './outcome.tsx';
import type { PageState } from './page-state.ts';
import type { Setup } from './setup.ts';
import { SetupForm } from './setup-form.tsx';
import { Transcript } from './transcript.tsx';

export function App({ page, setup }: { readonly page: PageState; readonly setup: Setup }): JSX.Element {
  const view = page.view.value;
  return (
    <>
      <a class="skip-link visually-hidden" href="#call">
        To the call
      </a>
      <ControlsBar page={page} />
      <Notices page={page} />
      <div class={view?.started ? 'desk' : 'desk empty'}>
        <aside class="side setup-side" aria-label="Next call">
          <SetupForm setup={setup} page={page} />
        </aside>
        <main id="call" class="call" tabIndex={-1}>
          {view?.started ? (
            <>
              <Outcome page={page} />
              <CallLanes page={page} view={view} />
              <section class="panel conversation" aria-label="Conversation">
                <Transcript view={view} />
              </section>
            </>
          ) : (
            <Nothing />
          )}
        </main>
        {view?.started && (
          // It scrolls by itself where the screen is low, and holds nothing else that the keyboard could reach.
          <aside class="side figures-side" aria-label="Figures" tabIndex={0}>
            <Expectations page={page} />
            <FiguresPanel view={view} />
          </aside>
        )}
      </div>
    </>
  );
}

function Nothing(): JSX.Element {
  return (
    <div class="nothing">
      <h2>Nobody is talking yet</h2>
      <p>
        Choose a scenario and press <b>Start</b>. You hear two agents talk, see what each makes of the other, and where the time goes
        before every answer. The embedded room needs no key and sends nothing anywhere.
      </p>
      <dl class="keys">
        {[
          ['Space', 'pause, resume'],
          ['1 2 3', 'real speed, twice as fast, as fast as it goes'],
          ['M', 'sound on and off'],
          ['Esc', 'stop the call'],
        ].map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
