/** What a run consumed, per agent, in the units that providers bill. Knows no prices. */
import type { BottalkEvent } from '../events/event.ts';

/** Counts only what was reported: `unmetered` requests had no token figures, which is not the same as zero tokens. */
export type AgentUsage = {
  readonly llm_requests: number;
  readonly llm_unmetered_requests: number;
  /** Tries that failed and were followed by another; none of them counts as a request. */
  readonly llm_retries: number;
  readonly prompt_tokens: number;
  /** Of the prompt tokens, those that the provider had in its cache and said so. */
  readonly cached_prompt_tokens: number;
  readonly completion_tokens: number;
  /** Questions to a model that judges turns for this agent; their tokens are counted apart, for it is another model. */
  readonly judge_requests: number;
  readonly judge_unmetered_requests: number;
  readonly judge_retries: number;
  readonly judge_prompt_tokens: number;
  readonly judge_cached_prompt_tokens: number;
  readonly judge_completion_tokens: number;
  readonly tts_requests: number;
  readonly tts_retries: number;
  /** Characters given to the voice, heard or not. */
  readonly tts_characters: number;
  /** Speech synthesised by contexts that completed, in seconds. */
  readonly tts_audio_secs: number;
  /** Own speech that was sent to a provider that listens, in seconds. */
  readonly transcribed_audio_secs: number;
  /** Tries to have it transcribed that failed and were followed by another. */
  readonly stt_retries: number;
  /** Presence in the room. */
  readonly room_minutes: number;
  /** Words whose last sample was played. */
  readonly spoken_words: number;
  readonly tool_calls: number;
};

type Counter = { -readonly [K in keyof AgentUsage]: number };
type Seat = { readonly name: string; readonly sinceMs: number };

export class UsageFold {
  readonly #counters = new Map<string, Counter>();
  readonly #nameOf: (participant: string) => string;
  readonly #seats = new Map<string, Seat>();
  #nowMs = 0;

  /** `nameOf` tells whose seat in the room it is. */
  constructor(nameOf: (participant: string) => string) {
    this.#nameOf = nameOf;
  }

  /** By name: the agents, and whoever else was in the room. */
  get byName(): ReadonlyMap<string, AgentUsage> {
    const now = new Map<string, AgentUsage>([...this.#counters].map(([name, counter]) => [name, { ...counter }]));
    for (const seat of this.#seats.values()) {
      const usage = now.get(seat.name);
      if (usage) now.set(seat.name, { ...usage, room_minutes: usage.room_minutes + this.#minutesSince(seat) });
    }
    return now;
  }

  event(event: BottalkEvent): void {
    this.#nowMs = event.atMs;
    switch (event.type) {
      case 'run.started':
        for (const { name } of event.agents) this.#of(name);
        return;
      case 'participant.joined':
        this.#of(event.name);
        this.#seats.set(event.participant, { name: event.name, sinceMs: event.atMs });
        return;
      case 'participant.left': {
        const seat = this.#seats.get(event.participant);
        if (seat && this.#seats.delete(event.participant)) this.#of(seat.name).room_minutes += this.#minutesSince(seat);
        return;
      }
      case 'stt.requested':
        this.#of(this.#nameOf(event.participant)).transcribed_audio_secs += event.audioMs / 1000;
        return;
      case 'stt.retried':
        this.#of(this.#nameOf(event.participant)).stt_retries += 1;
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
        this.#of(event.agent).cached_prompt_tokens += event.cachedPromptTokens ?? 0;
        this.#of(event.agent).completion_tokens += event.completionTokens;
        return;
      case 'judge.requested':
        this.#of(event.agent).judge_requests += 1;
        this.#of(event.agent).judge_unmetered_requests += 1;
        return;
      case 'judge.retried':
        this.#of(event.agent).judge_retries += 1;
        return;
      case 'judge.completed':
        if (event.promptTokens === null || event.completionTokens === null) return;
        this.#of(event.agent).judge_unmetered_requests -= 1;
        this.#of(event.agent).judge_prompt_tokens += event.promptTokens;
        this.#of(event.agent).judge_cached_prompt_tokens += event.cachedPromptTokens ?? 0;
        this.#of(event.agent).judge_completion_tokens += event.completionTokens;
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

  #minutesSince({ sinceMs }: Seat): number {
    return (this.#nowMs - sinceMs) / 60_000;
  }

  #of(name: string): Counter {
    const known = this.#counters.get(name);
    if (known) return known;
    const counter: Counter = {
      llm_requests: 0,
      llm_unmetered_requests: 0,
      llm_retries: 0,
      prompt_tokens: 0,
      cached_prompt_tokens: 0,
      completion_tokens: 0,
      judge_requests: 0,
      judge_unmetered_requests: 0,
      judge_retries: 0,
      judge_prompt_tokens: 0,
      judge_cached_prompt_tokens: 0,
      judge_completion_tokens: 0,
      tts_requests: 0,
      tts_retries: 0,
      tts_characters: 0,
      tts_audio_secs: 0,
      transcribed_audio_secs: 0,
      stt_retries: 0,
      room_minutes: 0,
      spoken_words: 0,
      tool_calls: 0,
    };
    this.#counters.set(name, counter);
    return counter;
  }
}
