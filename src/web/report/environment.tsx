/** What made this call this one: command, seed, providers, machine, and the scenario with everything filled in. */
import type { RunDocument } from '../../metrics/pages/run-document.ts';

export function Environment({ told }: { readonly told: RunDocument }) {
  const { metrics, about, command, asksWorld, scenario } = told;
  const facts: readonly (readonly [string, string])[] = [
    ['Seed', String(metrics.seed)],
    ['Room', metrics.room],
    ['Transcription', metrics.transcription],
    ['Time', metrics.clock === 'virtual' ? 'virtual: as fast as the machine' : 'real'],
    ...metrics.agents.map(({ name, llm, tts, voice, vad, end_of_turn }) => [name, `${llm}, voice ${voice} (${tts}), VAD ${vad}, end of turn ${end_of_turn}`] as const),
    ...MACHINE.flatMap(([key, name]) => (about?.[key] === undefined || about[key] === null ? [] : [[name, String(about[key])] as const])),
  ];
  return (
    <section class="panel" aria-labelledby="environment">
      <div class="panel-head">
        <h2 id="environment">Run it again</h2>
      </div>
      <div class="panel-body">
        {command === null ? <p class="faint">The scenario came from no file.</p> : <Command command={command} />}
        {asksWorld && (
          <p>
            Its providers answer anew each time. What they said is in <code>cassette.jsonl</code> beside this file: <code>--cassette</code> with that folder
            plays it again.
          </p>
        )}
        <dl class="facts-list">
          {facts.map(([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <details>
          <summary>The scenario, with every default and variable filled in</summary>
          <pre tabIndex={0}>{JSON.stringify(scenario, null, 2)}</pre>
        </details>
      </div>
    </section>
  );
}

const MACHINE = [
  ['started_at', 'Started'],
  ['wall_seconds', 'Took, in seconds'],
  ['bottalk', 'bottalk'],
  ['node', 'Node'],
  ['onnxruntime', 'onnxruntime'],
  ['platform', 'Platform'],
  ['cpu', 'Processor'],
] as const;

function Command({ command }: { readonly command: string }) {
  const copy = (event: MouseEvent): void => {
    const button = event.currentTarget as HTMLButtonElement;
    // In a sandbox or far from this machine a browser refuses or has no clipboard; then the text is marked.
    const mark = (): void => {
      if (button.previousElementSibling) getSelection()?.selectAllChildren(button.previousElementSibling);
      button.textContent = 'Marked: copy it';
    };
    if (navigator.clipboard) navigator.clipboard.writeText(command).then(() => (button.textContent = 'Copied'), mark);
    else mark();
  };
  return (
    <p class="command">
      <code>{command}</code>
      <button type="button" class="button" onClick={copy}>
        Copy
      </button>
    </p>
  );
}
