/**
 * Keeps a run within its budget: a fold over events that every paid request asks first. It goes by the most that can
 * have been spent, never by what is likely, and says once that nothing more can be afforded. Ends nothing itself.
 */
import { exactDollars } from '../base/dollars.ts';
import type { BottalkEvent, MostTokens } from '../events/event.ts';
import type { Sink } from '../events/log.ts';
import { Spending } from '../metrics/spending.ts';
import type { Purse } from '../pipeline/purse.ts';

/** Below what anybody bills: sums of many small parts are not exact. */
const NOTHING_USD = 1e-9;

export class Budget implements Sink, Purse {
  /** Called once, with what a person should know. From then on nothing is afforded. */
  onExhausted: (reason: string) => void = () => {};
  readonly #limitUsd: number;
  readonly #spending = new Spending();
  #exhausted = false;

  constructor(limitUsd: number) {
    this.#limitUsd = limitUsd;
  }

  /** Time costs money as well, where a room or its transcription bills by the minute; a minute is kept for the end. */
  event(event: BottalkEvent): void {
    this.#spending.event(event);
    if (event.type !== 'run.started' && event.type !== 'run.ended') this.#affords(0);
  }

  affordsAnswer(agent: string, most: MostTokens | undefined): boolean {
    return this.#affords(this.#spending.usdForAnswer(agent, most));
  }

  affordsJudgement(agent: string, most: MostTokens | undefined): boolean {
    return this.#affords(this.#spending.usdForJudgement(agent, most));
  }

  affordsSpeech(agent: string, characters: number): boolean {
    return this.#affords(this.#spending.usdForSpeech(agent, characters));
  }

  /** Of a question about the call when it is over. */
  affordsEvaluation(most: MostTokens): boolean {
    return this.#affords(this.#spending.usdForEvaluation(most));
  }

  #affords(usd: number): boolean {
    if (this.#exhausted) return usd === 0;
    const { usd: spentUsd, nextMinuteUsd } = this.#spending;
    if (spentUsd + usd + nextMinuteUsd <= this.#limitUsd + NOTHING_USD) return true;
    this.#exhausted = true;
    this.onExhausted(`at most ${atMost(spentUsd)} of ${exactDollars(this.#limitUsd)} is spent, and what comes next may cost ${atMost(usd + nextMinuteUsd)}`);
    return false;
  }
}

/** Never less than it is. */
function atMost(usd: number): string {
  return Number.isFinite(usd) ? `$${(Math.ceil(usd * 10_000 - 1e-6) / 10_000).toFixed(4)}` : 'more than anybody knows';
}
