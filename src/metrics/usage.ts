/** What a run consumed, per agent, in the units that providers bill. Knows no prices. */
import type { BottalkEvent } from '../events/event.ts';

/** Counts only what was reported: `unmetered` requests had no token figures, which is not the same as zero tokens. */
export type AgentUsage = {
  readonly llm_requests: number;
  readonly llm_unmetered_requests: number;
  /** Tries that failed and were followed by another; none of them counts as a request. */
  readonly llm_retries: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly tts_requests: number;
  readonly tts_retries: number;
  /** Characters given to the voice, heard or not. */
  readonly tts_characters: number;
  /** Speech synthesised by contexts that completed, in seconds. */
  readonly tts_audio_secs: number;
  /** Words whose last sample was played. */
  readonly spoken_words: number;
  readonly tool_calls: number;
};

type Counter = { -readonly [K in keyof AgentUsage]: number };

export class UsageFold {
  readonly #counters = new Map<string, Counter>();

  get byAgent(): ReadonlyMap<string, AgentUsage> {
    return this.#counters;
  }

  event(event: BottalkEvent): void {
    switch (event.type) {
      case 'run.started':
        for (const { name } of event.agents) this.#of(name);
        return;
      case 'llm.requested':
        this.#of(event.agent).llm_requests += 1;
        this.#of(event.agent).llm_unmetered_requests += 1;
        return;
      case 'llm.retried':
        this.#of(event.agent).llm_retries += 1;
        return;
      case 'llm.completed':
        if (event.promptTokens === null || event.completionTokens === null) return;
        this.#of(event.agent).llm_unmetered_requests -= 1;
        this.#of(event.agent).prompt_tokens += event.promptTokens;
        this.#of(event.agent).completion_tokens += event.completionTokens;
        return;
      case 'tts.requested':
        this.#of(event.agent).tts_requests += 1;
        return;
      case 'tts.retried':
        this.#of(event.agent).tts_retries += 1;
        return;
      case 'tts.sentence_sent':
        this.#of(event.agent).tts_characters += event.text.length;
        return;
      case 'tts.completed':
        this.#of(event.agent).tts_audio_secs += event.audioMs / 1000;
        return;
      case 'utterance.stopped':
        this.#of(event.agent).spoken_words += event.words.length;
        return;
      case 'tool.called':
        this.#of(event.agent).tool_calls += 1;
        return;
      default:
    }
  }

  #of(agent: string): Counter {
    const known = this.#counters.get(agent);
    if (known) return known;
    const counter: Counter = {
      llm_requests: 0,
      llm_unmetered_requests: 0,
      llm_retries: 0,
      prompt_tokens: 0,
      completion_tokens: 0,
      tts_requests: 0,
      tts_retries: 0,
      tts_characters: 0,
      tts_audio_secs: 0,
      spoken_words: 0,
      tool_calls: 0,
    };
    this.#counters.set(agent, counter);
    return counter;
  }
}
