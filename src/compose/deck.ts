/**
 * What stands between a run's agents and the world: a recording that is played in its place, one that is made of it,
 * both, or neither.
 */
import type { DeliverOptions } from '../clock/arrival.ts';
import type { Clock } from '../clock/clock.ts';
import type { LiveLlm } from '../pipeline/live-llm.ts';
import type { LiveTts } from '../pipeline/live-tts.ts';
import type { Tape } from '../pipeline/tape.ts';
import type { ChatFacts } from '../providers/cassette/call-request.ts';
import type { CallKind, CassetteAgent } from '../providers/cassette/cassette.ts';
import { CassetteLlm } from '../providers/cassette/cassette-llm.ts';
import { CassetteStt } from '../providers/cassette/cassette-stt.ts';
import { CassetteTts } from '../providers/cassette/cassette-tts.ts';
import type { Playback } from '../providers/cassette/playback.ts';
import type { Recording } from '../providers/cassette/recording.ts';
import { RefreshLlm } from '../providers/cassette/refresh-llm.ts';
import { RefreshStt } from '../providers/cassette/refresh-stt.ts';
import { RefreshTts } from '../providers/cassette/refresh-tts.ts';
import type { LiveStt, SttTape } from '../room/live-stt.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { questionsOf } from './evaluation/evaluator.ts';
import { playsAlone } from './replay.ts';

/** Whether a call of this scenario asks the world for anything that can be recorded. */
export function asksTheWorld(scenario: Scenario): boolean {
  const { agents, transcription } = scenario;
  const isEvaluated = questionsOf(scenario).length > 0;
  const asks = ({ llm, tts, turn }: Scenario['agents'][number]): boolean => llm.provider !== 'script' || tts.provider !== 'offline' || turn.strategy === 'llm';
  return isEvaluated || agents.some(asks) || !['room', 'embedded'].includes(transcription.provider);
}

export type DeckOptions = {
  readonly clock: Clock;
  /** A recording that is played. */
  readonly playback?: Playback | undefined;
  /** One that is made. */
  readonly recording?: Recording | undefined;
  readonly onWarning: (message: string, agent: string) => void;
};

type Charge = DeliverOptions['charge'];

/** What an agent's model or voice is called, and what it is asked with besides. */
export type TapeOptions = { readonly llm?: string; readonly tts?: string; readonly settings?: ChatFacts['settings'] };

export class Deck {
  readonly #options: DeckOptions;

  constructor(options: DeckOptions) {
    this.#options = options;
  }

  /** The world's waits are charged by the wall, those of a recording by nothing. */
  get charge(): Charge {
    return playsAlone(this.#options.playback) ? 'none' : 'wall';
  }

  /** What an agent was recorded with, for a run that is not to differ from that. */
  recorded(name: string): CassetteAgent | undefined {
    const { playback } = this.#options;
    return playback && playsAlone(playback) ? playback.cassette.header.agents.find((agent) => agent.name === name) : undefined;
  }

  llm(agent: string, settings: ChatFacts['settings'], open: () => Promise<LiveLlm>): Promise<LiveLlm> {
    const { llm: provider = '', llmModel: model = '' } = this.recorded(agent) ?? {};
    return this.#chat('llm', agent, { provider, model, settings }, open);
  }

  /** Whom an agent asks whether its peer has finished. */
  judge(agent: string, facts: ChatFacts, open: () => Promise<LiveLlm>): Promise<LiveLlm> {
    return this.#chat('end_of_turn', agent, facts, open);
  }

  /** Whom a run asks what to make of the call. */
  evaluator(name: string, facts: ChatFacts, open: () => Promise<LiveLlm>): Promise<LiveLlm> {
    return this.#chat('evaluation', name, facts, open);
  }

  /** Whether a recording is played, alone or not. */
  get plays(): boolean {
    return this.#options.playback !== undefined;
  }

  async tts(agent: string, open: () => Promise<LiveTts>): Promise<LiveTts> {
    const { clock, playback } = this.#options;
    if (!playback) return open();
    const shelf = playback.shelf('speech', agent);
    if (playback.mode === 'refresh') return new RefreshTts({ clock, shelf, live: await open(), onLive: () => this.#grow() });
    const { tts: provider = '', ttsModel: model = '' } = this.recorded(agent) ?? {};
    return new CassetteTts({ clock, mode: playback.mode, agent, facts: { provider, model }, shelf, onWarning: this.#warn(agent) });
  }

  async stt(open: () => Promise<LiveStt | undefined>): Promise<LiveStt | undefined> {
    const { clock, playback } = this.#options;
    if (!playback) return open();
    if (playback.mode === 'refresh') {
      const live = await open();
      return live && new RefreshStt({ playback, live, onLive: () => this.#grow() });
    }
    const facts = playback.cassette.header.transcription;
    return facts && new CassetteStt({ clock, playback, facts });
  }

  /** What takes down an agent's calls, if anything does. */
  tape(agent: string, { llm = '', tts = '', settings = {} }: TapeOptions): Tape | undefined {
    const { clock, recording } = this.#options;
    return recording?.tape(clock, { agent, llm: { provider: llm, settings }, tts: { provider: tts } });
  }

  sttTape(provider: string): SttTape | undefined {
    const { clock, recording } = this.#options;
    return recording?.sttTape(clock, provider);
  }

  async #chat(kind: Exclude<CallKind, 'speech' | 'transcription'>, agent: string, facts: ChatFacts, open: () => Promise<LiveLlm>): Promise<LiveLlm> {
    const { clock, playback } = this.#options;
    if (!playback) return open();
    const shelf = playback.shelf(kind, agent);
    const onWarning = this.#warn(agent);
    if (playback.mode !== 'refresh') return new CassetteLlm({ clock, mode: playback.mode, agent, facts, shelf, onWarning });
    return new RefreshLlm({ agent, settings: facts.settings, shelf, live: await open(), onLive: () => this.#grow(), onWarning });
  }

  #warn(agent: string): (message: string) => void {
    return (message) => this.#options.onWarning(message, agent);
  }

  #grow(): void {
    if (this.#options.playback) this.#options.playback.grown = true;
  }
}
