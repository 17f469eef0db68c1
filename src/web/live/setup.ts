/** What the next call is to be, as signals: the scenario or topic, and what of it the user has changed. Asks the server for what there is. */
import { batch, computed, signal } from '@preact/signals';
import { reasonOf } from '../../base/errors.ts';
import type { GeneratedPrompts, ListedScenario, ListedVoice, StartAgent, StartRequest } from '../parts/live-messages.ts';
import { ask } from './server.ts';

/** An agent as the form shows it; each field as it stands there. */
export type AgentDraft = { readonly name: string; readonly prompt: string; readonly voice: string };

export class Setup {
  readonly scenarios = signal<readonly ListedScenario[] | null>(null);
  readonly mistakes = signal<readonly string[]>([]);
  readonly voices = signal<readonly ListedVoice[]>([]);
  readonly loadError = signal<string | null>(null);
  readonly from = signal<'scenario' | 'topic'>('scenario');
  readonly scenarioName = signal('');
  readonly topic = signal('');
  readonly generated = signal<GeneratedPrompts | null>(null);
  readonly generating = signal(false);
  readonly generateError = signal<string | null>(null);
  readonly agents = signal<readonly AgentDraft[]>([]);
  readonly variables = signal<Readonly<Record<string, string>>>({});
  readonly seed = signal('');
  readonly llm = signal<'' | 'script' | 'openai'>('');
  readonly tts = signal<'' | 'offline' | 'elevenlabs'>('');
  readonly room = signal<'embedded' | 'daily'>('embedded');
  readonly scenario = computed(() => this.scenarios.value?.find(({ name }) => name === this.scenarioName.value) ?? null);

  async load(): Promise<void> {
    try {
      const [listed, voices] = await Promise.all([
        ask<{ readonly scenarios: readonly ListedScenario[]; readonly mistakes: readonly string[] }>('/api/scenarios'),
        ask<{ readonly voices: readonly ListedVoice[] }>('/api/voices'),
      ]);
      batch(() => {
        this.loadError.value = null;
        this.scenarios.value = listed.scenarios;
        this.mistakes.value = listed.mistakes;
        this.voices.value = voices.voices;
        if (!this.scenario.value) this.choose(listed.scenarios[0]?.name ?? '');
      });
    } catch (error) {
      this.loadError.value = reasonOf(error);
    }
  }

  /** Fills the form with what this scenario says; edits of another one go, and what was written for a topic stays. */
  choose(name: string): void {
    batch(() => {
      this.scenarioName.value = name;
      if (this.from.value === 'scenario') this.#fill(this.scenario.value);
    });
  }

  chooseSource(from: 'scenario' | 'topic'): void {
    batch(() => {
      this.from.value = from;
      if (from === 'scenario') this.#fill(this.scenario.value);
      else this.#fill(this.generated.value);
    });
  }

  editAgent(place: number, edit: Partial<AgentDraft>): void {
    this.agents.value = this.agents.value.map((agent, i) => (i === place ? { ...agent, ...edit } : agent));
  }

  editVariable(name: string, value: string): void {
    this.variables.value = { ...this.variables.value, [name]: value };
  }

  /** Has a model write two prompts for the topic, which can then be edited. */
  async generate(): Promise<void> {
    batch(() => {
      this.generating.value = true;
      this.generateError.value = null;
    });
    try {
      const generated = await ask<GeneratedPrompts>('/api/generate', { topic: this.topic.value.trim() });
      batch(() => {
        this.generated.value = generated;
        // Who has gone back to the scenarios meanwhile finds them there when they come for the topic again.
        if (this.from.value === 'topic') this.#fill(generated);
      });
    } catch (error) {
      this.generateError.value = reasonOf(error);
    } finally {
      this.generating.value = false;
    }
  }

  /** What is asked for; only what differs from the scenario is said. */
  get request(): StartRequest {
    const seed = this.seed.value.trim();
    const common = {
      ...(this.room.value === 'embedded' && { room: 'embedded' as const }),
      ...(seed !== '' && { seed: Number(seed) }),
      ...(this.tts.value !== '' && { tts: this.tts.value }),
    };
    if (this.from.value === 'topic' && !this.generated.value) return { ...common, topic: this.topic.value.trim() };
    if (this.from.value === 'topic') {
      const agents = this.agents.value.map(({ name, prompt, voice }): StartAgent => ({ name, prompt, ...(voice !== '' && { voice_id: voice }) }));
      return { ...common, llm: 'openai', agents, variables: this.variables.value };
    }
    const written = this.scenario.value;
    const agents = this.agents.value.map((agent, i) => changesOf(agent, written?.agents[i]));
    const variables = Object.fromEntries(Object.entries(this.variables.value).filter(([name, value]) => written?.variables[name] !== value));
    return {
      ...common,
      scenario: this.scenarioName.value,
      ...(this.llm.value !== '' && { llm: this.llm.value }),
      ...(agents.some((agent) => Object.keys(agent).length > 0) && { agents }),
      ...(Object.keys(variables).length > 0 && { variables }),
    };
  }

  #fill(written: ListedScenario | GeneratedPrompts | null): void {
    const agents: readonly (AgentDraft | Omit<AgentDraft, 'voice'>)[] = written?.agents ?? [];
    this.agents.value = agents.map(({ name, prompt, ...rest }) => ({ name, prompt, voice: 'voice' in rest ? rest.voice : '' }));
    this.variables.value = written?.variables ?? {};
  }
}

function changesOf(draft: AgentDraft, written: { readonly prompt: string; readonly voice?: string } | undefined): StartAgent {
  return {
    ...(draft.prompt !== written?.prompt && { prompt: draft.prompt }),
    ...(draft.voice !== (written?.voice ?? '') && { voice_id: draft.voice }),
  };
}
