/**
 * What one agent in the cloud tells, as it was told: in order, each piece once, and with how long ago it happened. What
 * is missing is reported and not waited for without end. It knows nothing of what the news mean.
 */
import { jsonIn } from '../base/read-json.ts';
import { isNews, readTold, type ToldMessage, type ToldNews } from './told-events.ts';

/** A message that others overtake by so many will not come any more. */
const MOST_WAITING = 100;
/** What is missing is asked for at once, and again no more often than this. */
const ASK_EVERY_MS = 1_000;
/** So many fit into one message. */
const MOST_ASKED = 200;

export type ToldReaderOptions = {
  readonly agent: string;
  /** Monotonic milliseconds of this machine. */
  readonly nowMs: () => number;
  readonly onNews: (news: ToldNews, when: ToldWhen) => void;
  /** These messages did not come, by their numbers, though others after them did. */
  readonly onMissing: (numbers: readonly number[]) => void;
  /** So many messages were lost. */
  readonly onLost: (messages: number) => void;
};

/** `agoMs`: how long ago it happened, as well as two clocks can know, and never less than nothing; `callMs`: the sender's call time then. */
export type ToldWhen = { readonly agoMs: number; readonly callMs: number };

export class ToldReader {
  readonly #options: ToldReaderOptions;
  readonly #early = new Map<number, ToldMessage>();
  #next = 0;
  #parts: string | undefined = '';
  /** The sender's clock is behind ours by this much at most; the quickest message says it best. */
  #behindMs = Number.POSITIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;
  /** When its call began, by its own clock. */
  #beganMs: number | undefined;

  constructor(options: ToldReaderOptions) {
    this.#options = options;
  }

  /** Whether the message is one that this agent tells. `from`: the sender's name in the room. */
  take(data: unknown, from: string): boolean {
    const message = readTold(data);
    const { agent, nowMs } = this.#options;
    if (!message || message.agent !== agent || from !== agent) return false;
    this.#behindMs = Math.min(this.#behindMs, nowMs() - message.sentMs);
    if (message.number < this.#next) return true;
    this.#early.set(message.number, message);
    this.#read();
    if (this.#early.size > MOST_WAITING) this.giveUpMissing();
    else if (this.#early.size > 0) this.#askForMissing();
    return true;
  }

  /** What did not come until now is lost; what came after it is news all the same. */
  giveUpMissing(): void {
    while (this.#early.size > 0) {
      const first = Math.min(...this.#early.keys());
      this.#options.onLost(first - this.#next);
      this.#next = first;
      // The rest of something that began in what is lost means nothing.
      this.#parts = undefined;
      this.#read();
    }
  }

  #askForMissing(): void {
    const { nowMs, onMissing } = this.#options;
    if (nowMs() - this.#askedMs < ASK_EVERY_MS) return;
    this.#askedMs = nowMs();
    const until = Math.max(...this.#early.keys());
    const missing: number[] = [];
    for (let number = this.#next; number < until && missing.length < MOST_ASKED; number++) if (!this.#early.has(number)) missing.push(number);
    onMissing(missing);
  }

  #read(): void {
    for (let message = this.#early.get(this.#next); message; message = this.#early.get(this.#next)) {
      this.#early.delete(this.#next);
      this.#next += 1;
      // Its call time stands still in the end, so what the first message says of it holds.
      const beganMs = (this.#beganMs ??= message.sentMs - message.callMs);
      const { onNews, nowMs } = this.#options;
      for (const news of this.#newsOf(message)) onNews(news, { agoMs: Math.max(0, nowMs() - this.#behindMs - news.atMs), callMs: news.atMs - beganMs });
    }
  }

  #newsOf(message: ToldMessage): readonly ToldNews[] {
    if ('news' in message) {
      this.#parts = '';
      return message.news;
    }
    const text = this.#parts === undefined ? undefined : this.#parts + message.part;
    if (!message.isLastPart) {
      this.#parts = text;
      return [];
    }
    this.#parts = '';
    return text === undefined ? [] : this.#newsIn(text);
  }

  #newsIn(text: string): readonly ToldNews[] {
    const news = jsonIn(text);
    if (isNews(news)) return [news];
    this.#options.onLost(1);
    return [];
  }
}
