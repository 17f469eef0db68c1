/**
 * The most that a run can have cost so far: what was reported at its price, and what was not at the most that it can
 * be billed for. A budget is kept by this bound; what a run is said to have cost is reckoned elsewhere.
 */
import type { BottalkEvent, EventOf, MostTokens } from '../events/event.ts';
import type { PriceUnit } from '../events/price.ts';
import { type Billed, billedBrain, billedEars, billedVoice, PriceList } from './price-list.ts';

type Agent = { readonly brain: Billed; readonly voice: Billed; readonly judge: Billed | undefined };
type Reported = Pick<EventOf<'llm.completed'>, 'promptTokens' | 'completionTokens' | 'cachedPromptTokens'>;
/** What a request counts for, each further try once more. */
type Asked = { readonly usd: number };

export class Spending {
  #prices = new PriceList(undefined);
  #evaluator: Billed | undefined;
  #room: Billed = { provider: '', model: '' };
  #ears: Billed = { provider: '', model: '' };
  readonly #agents = new Map<string, Agent>();
  readonly #asked = new Map<string, Asked>();
  readonly #spokenUsd = new Map<string, number>();
  readonly #listenedUsd = new Map<string, number>();
  #settledUsd = 0;
  #seats = 0;
  #nowMs = 0;

  /** The bound as of the last event; infinite where a price is unknown. */
  get usd(): number {
    return this.#settledUsd + [...this.#asked.values()].reduce((total, { usd }) => total + usd, 0);
  }

  /** What another minute of everybody costs who is in the room, if a provider listens to all of it. */
  get nextMinuteUsd(): number {
    return this.#seats * (this.#usd(this.#room, 'participant_minute', 1) + this.#usd(this.#ears, 'audio_minute', 1));
  }

  /** The most that an answer of this agent's brain costs. */
  usdForAnswer(agent: string, most: MostTokens | undefined): number {
    return this.#usdForTokens(this.#agents.get(agent)?.brain, most);
  }

  /** The most that a question costs to whoever judges turns for this agent. */
  usdForJudgement(agent: string, most: MostTokens | undefined): number {
    return this.#usdForTokens(this.#agents.get(agent)?.judge, most);
  }

  /** The most that a question about the whole call costs. */
  usdForEvaluation(most: MostTokens | undefined): number {
    return this.#usdForTokens(this.#evaluator, most);
  }

  /** What this agent's voice costs for so many characters. */
  usdForSpeech(agent: string, characters: number): number {
    const voice = this.#agents.get(agent)?.voice;
    return voice ? this.#usd(voice, 'thousand_characters', characters) : 0;
  }

  event(event: BottalkEvent): void {
    this.#waited(event.atMs);
    switch (event.type) {
      case 'run.started':
        return this.#begin(event);
      case 'prices.known':
        this.#prices = new PriceList(event);
        return;
      case 'participant.joined':
        this.#seats += 1;
        return;
      case 'participant.left':
        this.#seats -= 1;
        return;
      case 'llm.requested':
        this.#asked.set(event.requestId, { usd: this.usdForAnswer(event.agent, event.mostTokens) });
        return;
      case 'llm.retried':
        this.#settledUsd += this.#asked.get(event.requestId)?.usd ?? 0;
        return;
      case 'llm.completed':
        return this.#answered(event.requestId, this.#agents.get(event.agent)?.brain, event);
      case 'llm.cancelled':
      case 'llm.failed':
        return this.#settle(event.requestId);
      case 'judge.requested':
        this.#asked.set(event.askId, { usd: this.usdForJudgement(event.agent, event.mostTokens) });
        return;
      case 'judge.retried':
        this.#settledUsd += this.#asked.get(event.askId)?.usd ?? 0;
        return;
      case 'judge.completed':
        return this.#answered(event.askId, this.#agents.get(event.agent)?.judge, event);
      case 'judge.cancelled':
      case 'judge.failed':
        return this.#settle(event.askId);
      case 'evaluation.requested':
        this.#asked.set(event.requestId, { usd: this.usdForEvaluation(event.mostTokens) });
        return;
      case 'evaluation.retried':
        this.#settledUsd += this.#asked.get(event.requestId)?.usd ?? 0;
        return;
      case 'evaluation.completed':
        return this.#answered(event.requestId, this.#evaluator, event);
      case 'evaluation.failed':
        return this.#settle(event.requestId);
      case 'tts.sentence_sent':
        return this.#again(this.#spokenUsd, event.utteranceId, this.usdForSpeech(event.agent, event.text.length));
      case 'tts.retried':
        this.#settledUsd += this.#spokenUsd.get(event.utteranceId) ?? 0;
        return;
      case 'stt.requested':
        return this.#again(this.#listenedUsd, event.segmentId, this.#usd(this.#ears, 'audio_minute', event.audioMs / 60_000));
      case 'stt.retried':
        this.#settledUsd += this.#listenedUsd.get(event.segmentId) ?? 0;
        return;
      case 'transcription.failed':
        if (event.takenOverBy !== null) this.#ears = this.#prices.earsOf(event.takenOverBy);
        return;
      default:
    }
  }

  #begin(started: EventOf<'run.started'>): void {
    this.#evaluator = started.evaluator;
    this.#room = { provider: started.room, model: '' };
    this.#ears = billedEars(started);
    for (const agent of started.agents) {
      this.#agents.set(agent.name, { brain: billedBrain(agent), voice: billedVoice(agent), judge: agent.judge });
    }
  }

  /** A room that transcribes on its own bills the time of every open microphone. */
  #waited(nowMs: number): void {
    const minutes = ((nowMs - this.#nowMs) / 60_000) * this.#seats;
    this.#nowMs = nowMs;
    if (minutes === 0) return;
    this.#settledUsd += this.#usd(this.#room, 'participant_minute', minutes);
    if (this.#ears.provider === this.#room.provider) this.#settledUsd += this.#usd(this.#ears, 'audio_minute', minutes);
  }

  #answered(id: string, of: Billed | undefined, { promptTokens, completionTokens, cachedPromptTokens = 0 }: Reported): void {
    if (promptTokens === null || completionTokens === null || !of) return this.#settle(id);
    this.#asked.delete(id);
    this.#settledUsd += orAnything(this.#prices.usdForTokens(of, { prompt: promptTokens, cached: cachedPromptTokens, completion: completionTokens }));
  }

  /** Nobody has told what it took, so it counts for the most that it can have taken. */
  #settle(id: string): void {
    this.#settledUsd += this.#asked.get(id)?.usd ?? 0;
    this.#asked.delete(id);
  }

  /** Adds to what is spent, and to what one more try of the same would cost. */
  #again(bill: Map<string, number>, id: string, usd: number): void {
    bill.set(id, (bill.get(id) ?? 0) + usd);
    this.#settledUsd += usd;
  }

  #usdForTokens(of: Billed | undefined, most: MostTokens | undefined): number {
    if (!of) return 0;
    const usdFor = ({ prompt, completion }: MostTokens): number => orAnything(this.#prices.usdForTokens(of, { prompt, cached: 0, completion }));
    if (most) return usdFor(most);
    return usdFor({ prompt: 1, completion: 1 }) === 0 ? 0 : Infinity;
  }

  #usd(of: Billed, per: PriceUnit, amount: number): number {
    return of.provider === '' || amount === 0 ? 0 : orAnything(this.#prices.usd(of, per, amount));
  }
}

/** What nobody knows the price of may cost anything. */
function orAnything(usd: number | null): number {
  return usd ?? Infinity;
}
