/**
 * What stands between a run's agents and the world: a recording that is played in its place, one that is made of it,
 * both, or neither.
 */
import { invariant, UsageError } from '../base/errors.ts';
import type { DeliverOptions } from '../clock/arrival.ts';
import type { Clock } from '../clock/clock.ts';
import type { LiveLlm } from '../pipeline/live-llm.ts';
import type { LiveTts } from '../pipeline/live-tts.ts';
import type { Tape } from '../pipeline/tape.ts';
import type { ChatFacts } from '../providers/cassette/call-request.ts';
import type { CallKind, Cassette, CassetteAgent } from '../providers/cassette/cassette.ts';
import { CassetteLlm } from '../providers/cassette/cassette-llm.ts';
import { CassetteTts } from '../providers/cassette/cassette-tts.ts';
import type { Recording } from '../providers/cassette/recording.ts';
import { Shelf } from '../providers/cassette/shelf.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** What each mode proves stands in docs/cassettes.md. */
export const CASSETTE_MODES = ['strict', 'refresh', 'timing'] as const;
export type CassetteMode = (typeof CASSETTE_MODES)[number];

export type Replay = { readonly cassette: Cassette; readonly mode: CassetteMode };

/** Whether a call of this scenario asks the world for anything that can be recorded. */
export function asksTheWorld({ agents, transcription }: Scenario): boolean {
  return agents.some(({ llm, tts }) => llm.provider !== 'script' || tts.provider !== 'offline') || !['room', 'embedded'].includes(transcription.provider);
}

/** Whether nothing of the world is needed. */
export function playsAlone(replay: Replay | undefined): boolean {
  return replay !== undefined && replay.mode !== 'refresh';
}

/** What a run is played from, and what it is recorded to. */
export type DeckUse = { readonly replay?: Replay | undefined; readonly recording?: Recording | undefined };

/** A provider and how its waits are charged: the world's by the wall, a recording's by nothing. */
export type Charged<T> = { readonly provider: T; readonly charge: DeliverOptions['charge'] };

export type DeckOptions = DeckUse & { readonly clock: Clock; readonly onWarning: (message: string, agent: string) => void };

export class Deck {
  readonly #options: DeckOptions;

  constructor(options: DeckOptions) {
    this.#options = options;
  }

  /** The voice that an agent had when it was recorded. */
  voiceOf(agent: string): string | undefined {
    return this.#recorded(agent)?.voice;
  }

  async llm(agent: string, settings: ChatFacts['settings'], open: () => Promise<LiveLlm>): Promise<Charged<LiveLlm>> {
    const recorded = this.#recorded(agent);
    if (!recorded) return { provider: await open(), charge: 'wall' };
    const facts = { provider: recorded.llm, model: recorded.llmModel, settings };
    return { provider: new CassetteLlm({ ...this.#player(agent, 'llm'), facts }), charge: 'none' };
  }

  async tts(agent: string, open: () => Promise<LiveTts>): Promise<Charged<LiveTts>> {
    const recorded = this.#recorded(agent);
    if (!recorded) return { provider: await open(), charge: 'wall' };
    const facts = { provider: recorded.tts, model: recorded.ttsModel };
    return { provider: new CassetteTts({ ...this.#player(agent, 'speech'), facts }), charge: 'none' };
  }

  /** What takes down an agent's calls, if anything does. */
  tape(agent: string, { llm = '', tts = '', settings = {} }: { readonly llm?: string; readonly tts?: string; readonly settings?: ChatFacts['settings'] }): Tape | undefined {
    const { clock, recording } = this.#options;
    return recording?.tape(clock, { agent, llm: { provider: llm, settings }, tts: { provider: tts } });
  }

  #recorded(name: string): CassetteAgent | undefined {
    const { replay } = this.#options;
    if (!replay) return undefined;
    const recorded = replay.cassette.header.agents.find((agent) => agent.name === name);
    if (!recorded) throw new UsageError(`the cassette has no agent ${name}`);
    return recorded;
  }

  #player(agent: string, kind: CallKind) {
    const { clock, replay, onWarning } = this.#options;
    invariant(replay && replay.mode !== 'refresh', 'this run is not played from a recording');
    const { mode, cassette } = replay;
    return { clock, mode, agent, shelf: new Shelf(cassette, { kind, agent }), onWarning: (message: string) => onWarning(message, agent) };
  }
}
