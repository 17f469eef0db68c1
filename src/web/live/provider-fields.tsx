/** What runs the next call: brains, voices, room, seed. What lacks its key cannot be chosen, and says so. */
import type { JSX } from 'preact';
import type { AvailableKeys } from '../parts/live-messages.ts';
import { Field } from './field.tsx';
import type { Setup } from './setup.ts';

type Option<Value extends string> = { readonly value: Value; readonly label: string; readonly has?: boolean };

export function ProviderFields({ setup, keys }: { readonly setup: Setup; readonly keys: AvailableKeys | null }): JSX.Element {
  const isTopic = setup.from.value === 'topic';
  // What the server takes for a Daily room unless something else is chosen, whatever the scenario says.
  const isDaily = setup.room.value === 'daily';
  return (
    <section class="setup-part" aria-labelledby="run-by-head">
      <h3 id="run-by-head">Run by</h3>
      <div class="providers">
        {!isTopic && (
          <Choose
            id="llm"
            label="Brains"
            value={setup.llm.value}
            options={[
              { value: '', label: isDaily ? 'as usual: OpenAI' : "scenario's" },
              { value: 'script', label: 'script' },
              { value: 'openai', label: 'OpenAI', has: keys?.openai ?? false },
            ]}
            onChoose={(value) => (setup.llm.value = value)}
          />
        )}
        <Choose
          id="tts"
          label="Voices"
          value={setup.tts.value}
          options={[
            { value: '', label: isDaily ? 'as usual: ElevenLabs' : isTopic ? 'as usual: offline' : "scenario's" },
            { value: 'offline', label: 'offline' },
            { value: 'elevenlabs', label: 'ElevenLabs', has: keys?.elevenlabs ?? false },
          ]}
          onChoose={(value) => (setup.tts.value = value)}
        />
        <Choose
          id="room"
          label="Room"
          value={setup.room.value}
          options={[{ value: 'embedded', label: 'embedded' }, { value: 'daily', label: 'Daily', has: keys?.daily ?? false }]}
          onChoose={(value) => (setup.room.value = value)}
        />
        <Field id="seed" label="Seed">
          <input
            id="seed"
            class="input"
            inputMode="numeric"
            pattern="[0-9]*"
            placeholder={isTopic ? '1' : "scenario's"}
            value={setup.seed.value}
            onInput={({ currentTarget }) => (setup.seed.value = currentTarget.value)}
          />
        </Field>
      </div>
    </section>
  );
}

type ChooseProps<Value extends string> = {
  readonly id: string;
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChoose: (value: Value) => void;
};

function Choose<Value extends string>({ id, label, value, options, onChoose }: ChooseProps<Value>): JSX.Element {
  return (
    <Field id={id} label={label}>
      <select id={id} class="input" value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value as Value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.has === false}>
            {option.has === false ? `${option.label} (no key)` : option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
