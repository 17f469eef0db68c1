/**
 * One agent of the next call: its name and voice on one line, its prompt behind a fold. A scenario's script and
 * expectations know its agents by name, so there the name stays as it is.
 */
import type { JSX } from 'preact';
import { Field } from './field.tsx';
import type { AgentDraft, Setup } from './setup.ts';

const LABELS = ['First agent', 'Second agent'];

type Props = { readonly agent: AgentDraft; readonly place: number; readonly setup: Setup };

export function AgentFields({ agent, place, setup }: Props): JSX.Element {
  const voices = setup.voices.value;
  const isListed = voices.some(({ name }) => name === agent.voice);
  const written = setup.scenario.value?.agents[place];
  const isScripted = setup.from.value === 'scenario' && (setup.llm.value || written?.llm) === 'script';
  return (
    <fieldset class={`setup-part agent ${place === 0 ? 'first' : 'second'}`}>
      <legend class="visually-hidden">{`Agent ${place + 1}`}</legend>
      <div class="agent-line">
        {setup.from.value === 'scenario' ? (
          <div class="field">
            <span class="label">{LABELS[place]}</span>
            <span class="agent-name speaker" title={agent.name}>
              {agent.name}
            </span>
          </div>
        ) : (
          <Field id={`name-${place}`} label={LABELS[place] ?? ''}>
            <input
              id={`name-${place}`}
              class="input speaker"
              value={agent.name}
              onInput={({ currentTarget }) => setup.editAgent(place, { name: currentTarget.value })}
            />
          </Field>
        )}
        <Field id={`voice-${place}`} label="Voice">
          <select
            id={`voice-${place}`}
            class="input"
            value={agent.voice}
            onChange={({ currentTarget }) => setup.editAgent(place, { voice: currentTarget.value })}
          >
            {!isListed && <option value={agent.voice}>{agent.voice || 'as usual'}</option>}
            {voices.map(({ name, description }) => (
              <option key={name} value={name} title={description}>
                {name}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <details>
        <summary>Prompt</summary>
        <label class="visually-hidden" for={`prompt-${place}`}>{`Prompt of ${agent.name}`}</label>
        <textarea
          id={`prompt-${place}`}
          class="input"
          rows={6}
          value={agent.prompt}
          onInput={({ currentTarget }) => setup.editAgent(place, { prompt: currentTarget.value })}
        />
        {isScripted && <p class="hint">The script says its own lines; a model as brain heeds the prompt.</p>}
      </details>
    </fieldset>
  );
}
