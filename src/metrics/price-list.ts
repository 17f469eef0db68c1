/**
 * What things cost in one run, as its own log says; no file and no other run is asked. What costs nothing anywhere is
 * free, and what has no price is unknown, which is never zero.
 */
import type { AgentProviders, EventOf } from '../events/event.ts';
import type { Price, PriceUnit } from '../events/price.ts';

/** Who bills, by the names that the first event of the log has. */
export type Billed = { readonly provider: string; readonly model: string; readonly host?: string | undefined };

/** Who bills for an agent's answers. */
export function billedBrain({ llm, llmModel, llmHost }: AgentProviders): Billed {
  return { provider: llm, model: llmModel, host: llmHost };
}

/** Who bills for an agent's speech. */
export function billedVoice({ tts, ttsModel, ttsHost }: AgentProviders): Billed {
  return { provider: tts, model: ttsModel, host: ttsHost };
}

/** Who bills for listening to the call, as it began. */
export function billedEars({ transcription, transcriptionModel = '', transcriptionHost }: EventOf<'run.started'>): Billed {
  return { provider: transcription, model: transcriptionModel, host: transcriptionHost };
}

/** Everything that runs in this process: brain, voice, room and its transcription. */
const FREE_PROVIDERS: readonly string[] = ['script', 'offline', 'embedded'];

export function isFree(provider: string): boolean {
  return FREE_PROVIDERS.includes(provider);
}

const UNITS_OF: Readonly<Record<PriceUnit, number>> = {
  million_prompt_tokens: 1_000_000,
  million_cached_prompt_tokens: 1_000_000,
  million_completion_tokens: 1_000_000,
  thousand_characters: 1000,
  audio_minute: 1,
  participant_minute: 1,
};

export class PriceList {
  readonly #prices: readonly Price[];

  constructor(known: EventOf<'prices.known'> | undefined) {
    this.#prices = known?.prices ?? [];
  }

  /** The day of the oldest price; null if none is known. */
  get oldestDate(): string | null {
    return this.#prices.map(({ date }) => date).toSorted()[0] ?? null;
  }

  /** Who listens in place of a room that turned out to be deaf; each provider listens with one model, at one server. */
  earsOf(provider: string): Billed {
    const { model = '', host } = this.#prices.find((price) => price.provider === provider && price.per === 'audio_minute') ?? {};
    return { provider, model, host };
  }

  /** What so many tokens, characters or minutes cost in USD; null is unknown. */
  usd(of: Billed, per: PriceUnit, amount: number): number | null {
    if (isFree(of.provider)) return 0;
    const price = this.#prices.find((candidate) => candidate.per === per && isPriceOf(candidate, of));
    return price ? (price.usd * amount) / UNITS_OF[per] : null;
  }

  /** The same for an answer of a language model. Cached tokens without a price of their own cost what others do. */
  usdForTokens(of: Billed, tokens: { prompt: number; cached: number; completion: number }): number | null {
    const cachedUsd = this.usd(of, 'million_cached_prompt_tokens', tokens.cached) ?? this.usd(of, 'million_prompt_tokens', tokens.cached);
    return sum([this.usd(of, 'million_prompt_tokens', tokens.prompt - tokens.cached), cachedUsd, this.usd(of, 'million_completion_tokens', tokens.completion)]);
  }
}

/** Two servers may charge differently for a model of one name. */
export function isPriceOf(price: Price, of: Billed): boolean {
  return price.provider === of.provider && price.model === of.model && price.host === of.host;
}

/** Unknown as soon as a part of it is. */
export function sum(parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0);
}
