/** The form for the next call: scenario or topic, the two agents, variables, and what runs them. */
import type { JSX } from 'preact';
import { isTopic, TOPIC_CHARACTERS } from '../../base/topic.ts';
import type { ListedScenario } from '../parts/live-messages.ts';
import { AgentFields } from './agent-fields.tsx';
import { Field } from './field.tsx';
import type { PageState } from './page-state.ts';
import { ProviderFields } from './provider-fields.tsx';
import type { Setup } from './setup.ts';

type Props = { readonly setup: Setup; readonly page: PageState };

export function SetupForm({ setup, page }: Props): JSX.Element {
  const hasTopic = isTopic(setup.topic.value) && page.hello.value?.keys.openai === true;
  const isReady = setup.from.value === 'scenario' ? setup.scenario.value !== null : hasTopic;
  const state = page.callState.value;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isReady) return;
    void page.start(setup.request);
    // The space bar is to pause the call, and not to press this button again.
    document.getElementById('call')?.focus();
  };
  return (
    <form class="setup" aria-label="Next call" onSubmit={submit}>
      <Source setup={setup} page={page} />
      {setup.agents.value.map((agent, i) => (
        <AgentFields key={i} agent={agent} place={i} setup={setup} />
      ))}
      <Variables setup={setup} />
      <ProviderFields setup={setup} keys={page.hello.value?.keys ?? null} />
      <div class="setup-actions">
        <button
          class={state === 'running' ? 'button' : 'button primary'}
          type="submit"
          disabled={!isReady || state === 'starting' || page.connection.value !== 'open'}
        >
          {state === 'starting' ? 'Starting…' : state === 'running' ? 'Stop and start anew' : 'Start'}
        </button>
        {page.startError.value !== null && (
          <p class="trouble" role="alert">
            {page.startError.value}
          </p>
        )}
      </div>
    </form>
  );
}

function Source({ setup, page }: Props): JSX.Element {
  const { from, scenarios, scenarioName, scenario, mistakes, loadError } = setup;
  return (
    <section class="setup-part" aria-labelledby="source-head">
      <div class="setup-head">
        <h2 id="source-head">Next call</h2>
        <span class="choice" role="radiogroup" aria-label="Made of">
          {(['scenario', 'topic'] as const).map((kind) => (
            <label key={kind}>
              <input type="radio" name="source" value={kind} checked={from.value === kind} onChange={() => setup.chooseSource(kind)} />
              {kind === 'scenario' ? 'Scenario' : 'Topic'}
            </label>
          ))}
        </span>
      </div>
      {from.value === 'topic' ? (
        <Topic setup={setup} page={page} />
      ) : (
        <Field id="scenario" label="Scenario">
          <select id="scenario" class="input" value={scenarioName.value} onChange={({ currentTarget }) => setup.choose(currentTarget.value)}>
            <Shelf label="In this folder" scenarios={scenarios.value?.filter(({ shipped }) => !shipped)} />
            <Shelf label="Come with bottalk" scenarios={scenarios.value?.filter(({ shipped }) => shipped)} />
          </select>
          {scenario.value?.description && <p class="hint">{scenario.value.description}</p>}
          {scenarios.value?.length === 0 && <p class="hint">There is no scenario here yet: bottalk init writes one.</p>}
          {loadError.value !== null && <p class="trouble">{loadError.value}</p>}
          {mistakes.value.length > 0 && (
            <details class="hint">
              <summary>{mistakes.value.length} that cannot be read</summary>
              <ul class="mistakes">{mistakes.value.map((mistake) => <li key={mistake}>{mistake}</li>)}</ul>
            </details>
          )}
        </Field>
      )}
    </section>
  );
}

/** Copies of what comes with bottalk have the same titles. */
function Shelf({ label, scenarios = [] }: { readonly label: string; readonly scenarios?: readonly ListedScenario[] | undefined }): JSX.Element | null {
  if (scenarios.length === 0) return null;
  return (
    <optgroup label={label}>
      {scenarios.map(({ name, title }) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </optgroup>
  );
}

function Topic({ setup, page }: Props): JSX.Element {
  const { topic, generating, generateError, generated } = setup;
  const hasKey = page.hello.value?.keys.openai ?? false;
  return (
    <Field id="topic" label="What they talk about">
      <textarea
        id="topic"
        class="input"
        rows={3}
        maxLength={TOPIC_CHARACTERS.most}
        value={topic.value}
        placeholder="A customer whose parcel never came calls the shop"
        onInput={({ currentTarget }) => (topic.value = currentTarget.value)}
      />
      <div class="row">
        <button class="button" type="button" disabled={!hasKey || generating.value || !isTopic(topic.value)} onClick={() => void setup.generate()}>
          {generating.value ? 'Writing…' : generated.value ? 'Write again' : 'Write prompts'}
        </button>
        <span class="hint">{hasKey ? 'A model writes both prompts; edit them before you start.' : 'Needs OPENAI_API_KEY in .env.local when the server starts.'}</span>
      </div>
      {generateError.value !== null && (
        <p class="trouble" role="alert">
          {generateError.value}
        </p>
      )}
    </Field>
  );
}

function Variables({ setup }: { readonly setup: Setup }): JSX.Element | null {
  const names = Object.keys(setup.variables.value);
  if (names.length === 0) return null;
  return (
    <section class="setup-part" aria-labelledby="variables-head">
      <h3 id="variables-head">Variables</h3>
      <div class="variables">
        {names.map((name) => (
          <Field key={name} id={`variable-${name}`} label={name} mono>
            <input
              id={`variable-${name}`}
              class="input"
              value={setup.variables.value[name] ?? ''}
              onInput={({ currentTarget }) => setup.editVariable(name, currentTarget.value)}
            />
          </Field>
        ))}
      </div>
    </section>
  );
}
