/**
 * Money: what a run's usage costs by the prices in its log. Unknown is null and never zero, and where requests brought
 * no token figures the sum is a lower bound that says so. Nothing is estimated here.
 */
import type { EventOf } from '../events/event.ts';
import type { PriceUnit } from '../events/price.ts';
import { type Billed, billedBrain, billedEars, billedVoice, PriceList, sum } from './price-list.ts';
import type { EvaluationUsage } from './evaluation.ts';
import type { RosterAgent } from './roster.ts';
import type { AgentUsage } from './usage.ts';

/** USD; null where a price is missing. */
export type AgentCost = {
  readonly llm: number | null;
  /** Of asking whether its peer has finished. */
  readonly judge: number | null;
  readonly tts: number | null;
  /** Of listening to its speech. */
  readonly transcription: number | null;
  /** Of its presence in the room. */
  readonly room: number | null;
  readonly total: number | null;
  /** Some requests that may cost money are not in it: nobody told what they took. */
  readonly at_least: boolean;
};

export type RunCost = {
  readonly currency: 'USD';
  /** Of everybody together. */
  readonly total: number | null;
  readonly at_least: boolean;
  /** Of people in the room who are no agents. */
  readonly others: number | null;
  /** Of asking a model what to make of the call when it was over. */
  readonly evaluation: number | null;
  /** What has no price, as `provider model at host: what for`. */
  readonly unknown: readonly string[];
  /** The day of the oldest price that was used, as YYYY-MM-DD; null if there was none. */
  readonly oldest_price: string | null;
  /** Before it was exceeded, the run would have ended; null if there was none. */
  readonly budget: number | null;
};

export type Expenses = {
  readonly started: EventOf<'run.started'> | undefined;
  readonly known: EventOf<'prices.known'> | undefined;
  /** The room's own transcription brought no text, so it is not paid for. */
  readonly deaf: EventOf<'transcription.failed'> | undefined;
  readonly usage: ReadonlyMap<string, AgentUsage>;
  readonly evaluation: EvaluationUsage;
};

export type RunCosts = { readonly run: RunCost; readonly byAgent: ReadonlyMap<string, AgentCost> };

export function costsOf({ started, known, deaf, usage, evaluation }: Expenses): RunCosts {
  const bill = new Bill(new PriceList(known), started, deaf);
  const roster = started?.agents ?? [];
  const agents = roster.map((agent) => bill.ofAgent(agent, usage.get(agent.name) as AgentUsage));
  const others = sum([...usage].flatMap(([name, used]) => (roster.some((agent) => agent.name === name) ? [] : Object.values(bill.ofPresence(used)))));
  const judged = bill.ofEvaluation(started?.evaluator, evaluation);
  const atLeast = judged.at_least || agents.some((cost) => cost.at_least);
  return {
    run: {
      currency: 'USD',
      total: rounded(sum([...agents.map((cost) => cost.total), others, judged.usd])),
      at_least: atLeast,
      others: rounded(others),
      evaluation: rounded(judged.usd),
      unknown: [...bill.unknown].toSorted(),
      oldest_price: bill.prices.oldestDate,
      budget: known?.budgetUsd ?? null,
    },
    byAgent: new Map(roster.map(({ name }, i) => [name, roundedCost(agents[i] as AgentCost)])),
  };
}

/** Whether anybody charges anything, as far as is known; what is free to the last part need not be told. */
export function isBilled({ total, unknown, oldest_price }: RunCost): boolean {
  return total !== 0 || unknown.length > 0 || oldest_price !== null;
}

/** Adds up, and notes what it had no price for. */
class Bill {
  readonly prices: PriceList;
  readonly unknown = new Set<string>();
  readonly #room: string;
  readonly #ears: Billed;

  constructor(prices: PriceList, started: Expenses['started'], deaf: Expenses['deaf']) {
    this.prices = prices;
    this.#room = started?.room ?? '';
    const listening = started ? billedEars(started) : { provider: '', model: '' };
    this.#ears = deaf ? prices.earsOf(deaf.takenOverBy ?? '') : listening;
  }

  ofAgent(agent: RosterAgent, used: AgentUsage): AgentCost {
    const brain = billedBrain(agent);
    const voice = billedVoice(agent);
    const tokens = { prompt: used.prompt_tokens, cached: used.cached_prompt_tokens, completion: used.completion_tokens };
    const llm = used.llm_requests === 0 ? 0 : this.#noted(this.prices.usdForTokens(brain, tokens), brain, 'tokens');
    const tts = this.#priced(voice, 'thousand_characters', used.tts_characters, 'characters');
    const judge = this.#ofJudge(agent, used);
    const { transcription, room } = this.ofPresence(used);
    const doubts = (used.llm_unmetered_requests > 0 && this.#charges(brain)) || (used.judge_unmetered_requests > 0 && this.#charges(agent.judge));
    return { llm, judge, tts, transcription, room, total: sum([llm, judge, tts, transcription, room]), at_least: doubts };
  }

  ofPresence(used: AgentUsage): Pick<AgentCost, 'transcription' | 'room'> {
    // A room that transcribes on its own bills the time of every open microphone, speech or not.
    const listeningMinutes = this.#ears.provider === this.#room ? used.room_minutes : used.transcribed_audio_secs / 60;
    return {
      transcription: this.#priced(this.#ears, 'audio_minute', listeningMinutes, 'audio'),
      room: this.#priced({ provider: this.#room, model: '' }, 'participant_minute', used.room_minutes, 'participants'),
    };
  }

  ofEvaluation(evaluator: Billed | undefined, used: EvaluationUsage): { readonly usd: number | null; readonly at_least: boolean } {
    if (!evaluator || used.requests === 0) return { usd: 0, at_least: false };
    const tokens = { prompt: used.prompt_tokens, cached: used.cached_prompt_tokens, completion: used.completion_tokens };
    return { usd: this.#noted(this.prices.usdForTokens(evaluator, tokens), evaluator, 'tokens'), at_least: used.unmetered_requests > 0 && this.#charges(evaluator) };
  }

  #ofJudge({ judge }: RosterAgent, used: AgentUsage): number | null {
    if (!judge || used.judge_requests === 0) return 0;
    const tokens = { prompt: used.judge_prompt_tokens, cached: used.judge_cached_prompt_tokens, completion: used.judge_completion_tokens };
    return this.#noted(this.prices.usdForTokens(judge, tokens), judge, 'tokens');
  }

  /** Whether tokens cost anything there, as far as is known. */
  #charges(brain: Billed | undefined): boolean {
    return brain !== undefined && this.prices.usdForTokens(brain, { prompt: 1, cached: 0, completion: 1 }) !== 0;
  }

  #priced(of: Billed, per: PriceUnit, amount: number, what: string): number | null {
    return amount === 0 ? 0 : this.#noted(this.prices.usd(of, per, amount), of, what);
  }

  #noted(usd: number | null, { provider, model, host }: Billed, what: string): number | null {
    if (usd === null) this.unknown.add(`${[provider, model, host && `at ${host}`].filter(Boolean).join(' ')}: ${what}`);
    return usd;
  }
}

function roundedCost({ at_least, ...usd }: AgentCost): AgentCost {
  return {
    llm: rounded(usd.llm),
    judge: rounded(usd.judge),
    tts: rounded(usd.tts),
    transcription: rounded(usd.transcription),
    room: rounded(usd.room),
    total: rounded(usd.total),
    at_least,
  };
}

/** Millionths of a dollar: one token of a small model costs less, so no smaller figure means anything. */
function rounded(usd: number | null): number | null {
  return usd === null ? null : Number(usd.toFixed(6));
}
