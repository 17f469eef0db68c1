/** Prices as a log holds them: what one unit costs with a provider, who says so, and when that was looked up. */

/** What a price is for. Prompt tokens include cached ones, which may have a lower price of their own. */
export const PRICE_UNITS = [
  'million_prompt_tokens',
  'million_cached_prompt_tokens',
  'million_completion_tokens',
  'thousand_characters',
  'audio_minute',
  'participant_minute',
] as const;
export type PriceUnit = (typeof PRICE_UNITS)[number];

export type Price = {
  readonly provider: string;
  /** As the run calls it; blank where a provider has no models. */
  readonly model: string;
  /** Of the server that charges this, as the run calls it; absent where a provider has none of its own. */
  readonly host?: string;
  readonly per: PriceUnit;
  readonly usd: number;
  /** Where it is published, and the day on which it was looked up there. */
  readonly source: string;
  readonly date: string;
};
