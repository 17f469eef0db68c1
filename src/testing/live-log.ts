/** Logs of calls with brains and voices of the world, by hand: what they were asked for and what it took. */
import type { BottalkEvent, MostTokens, NewEvent } from '../events/event.ts';
import type { Price } from '../events/price.ts';
import { LogBuilder, type Speaker } from './log-builder.ts';

export type LiveLogOptions = {
  /** Without any, the log says nothing of prices. */
  readonly prices?: readonly Price[];
  readonly budgetUsd?: number;
  /** At which server each agent's brain is. */
  readonly llmHosts?: Readonly<Record<Speaker, string>>;
  readonly room?: string;
  readonly transcription?: string;
  readonly transcriptionModel?: string;
};

/** One thing a second, in the order in which it is called. */
export class LiveLog {
  readonly #builder = new LogBuilder();
  readonly #options: LiveLogOptions;
  #count = 0;

  constructor(options: LiveLogOptions) {
    this.#options = options;
  }

  at(atMs: number, event: NewEvent): this {
    this.#builder.at(atMs, event);
    return this;
  }

  /** A request that was answered and metered. */
  answers(agent: Speaker, { prompt, completion, cached }: { prompt: number; completion: number; cached?: number }, mostTokens?: MostTokens): this {
    const request = this.#asks(agent, mostTokens);
    const metered = { promptTokens: prompt, completionTokens: completion, ...(cached !== undefined && { cachedPromptTokens: cached }) };
    return this.at(this.#count * 1000 + 500, { type: 'llm.completed', ...request, text: '', durationMs: 500, ...metered });
  }

  /** A request that was interrupted. */
  breaksOff(agent: Speaker, mostTokens?: MostTokens): this {
    return this.at(this.#count * 1000 + 1500, { type: 'llm.cancelled', ...this.#asks(agent, mostTokens) });
  }

  /** A sentence given to the voice. */
  speaks(agent: Speaker, text: string): this {
    const utteranceId = `speech-${++this.#count}`;
    this.at(this.#count * 1000, { type: 'tts.requested', agent, utteranceId, voice: 'v' });
    return this.at(this.#count * 1000, { type: 'tts.sentence_sent', agent, utteranceId, text });
  }

  build(): BottalkEvent[] {
    const { room = 'embedded', transcription = 'embedded', transcriptionModel, llmHosts, prices, budgetUsd = null } = this.#options;
    const providers = { llm: 'openai', llmModel: 'gpt-4o', tts: 'elevenlabs', ttsModel: 'eleven_turbo_v2_5' };
    const events = this.#builder.build().flatMap((event): BottalkEvent[] => {
      if (event.type !== 'run.started') return [event];
      const agents = event.agents.map((agent) => ({ ...agent, ...providers, ...(llmHosts && { llmHost: llmHosts[agent.name as Speaker] }) }));
      const started = { ...event, room, transcription, ...(transcriptionModel !== undefined && { transcriptionModel }), agents };
      return prices ? [started, { seq: 0, atMs: 0, type: 'prices.known', budgetUsd, prices }] : [started];
    });
    return events.map((event, seq) => ({ ...event, seq }));
  }

  #asks(agent: Speaker, mostTokens: MostTokens | undefined): { agent: string; replyId: string; requestId: string } {
    const id = `request-${++this.#count}`;
    const request = { agent, replyId: id, requestId: id };
    this.at(this.#count * 1000, { type: 'llm.requested', ...request, messageCount: 1, ...(mostTokens && { mostTokens }) });
    return request;
  }
}
