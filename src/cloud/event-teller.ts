/**
 * The log of an agent in the cloud: what happens is told to the run, in batches and in order, over whatever sends app
 * messages for it. Until that can send, everything waits here. What was sent last is kept for a while, in case it did not
 * arrive.
 */
import type { WallClock } from '../clock/wall-clock.ts';
import type { NewEvent } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';
import { bytesOf, MOST_MESSAGE_BYTES, type News, type ToldBy, type ToldContent, type ToldMessage, toldMessage, type ToldNews } from './told-events.ts';

/** What one step of an agent makes goes together. The longer it waits, the later it stands among what the listener heard. */
const BATCH_MS = 40;
/** Of 4 KB at most: those of half a minute of busy talk. */
const MOST_KEPT = 200;
/** As long as they can be. */
const LONGEST_STAMP = { number: Number.MAX_SAFE_INTEGER, sentMs: -Number.MAX_SAFE_INTEGER, callMs: -Number.MAX_SAFE_INTEGER };

export type EventTellerOptions = {
  readonly by: ToldBy;
  readonly wall: WallClock;
  /** The present call time of the agent, in which events say when they happened. */
  readonly callMs: () => number;
};

/** Sends one app message to everybody in the room, without writing it into a log. */
export type SendUnlogged = (data: unknown) => void;

/**
 * `open` and then `tell` hello once the agent is seated. When the agent leaves, `tell` leaving before its connection is
 * left, and leave that only after `ended` and `closed` were told too: who has left can send nothing.
 */
export class EventTeller implements EventLog {
  readonly #options: EventTellerOptions;
  readonly #spaceBytes: number;
  #waiting: ToldNews[] = [];
  #send: SendUnlogged | undefined;
  readonly #kept: ToldMessage[] = [];
  #number = 0;
  #cancelFlush: (() => void) | undefined;

  constructor(options: EventTellerOptions) {
    this.#options = options;
    const widest = { part: '', isLastPart: false };
    this.#spaceBytes = MOST_MESSAGE_BYTES - bytesOf(toldMessage(options.by, LONGEST_STAMP, widest));
  }

  /** The agent is in the room: what waits goes out, and the rest as it comes. */
  open(send: SendUnlogged): void {
    this.#send = send;
    this.flush();
  }

  /** `happenedMs`: in the agent's call time, if that was not now. */
  append(event: NewEvent, happenedMs?: number): void {
    const { wall, callMs } = this.#options;
    this.#take({ is: 'event', event }, happenedMs === undefined ? 0 : callMs() - happenedMs);
    if (this.#send) this.#cancelFlush ??= wall.after(BATCH_MS, () => this.flush());
  }

  /** Goes out at once, with all that waits. */
  tell(news: Exclude<News, { is: 'event' }>): void {
    this.#take(news, 0);
    this.flush();
  }

  /** Sends what waits, if it can. Call it before the agent leaves its seat for good. */
  flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (!this.#send) return;
    let batch: ToldNews[] = [];
    let batchBytes = 0;
    const sendBatch = (): void => {
      if (batch.length > 0) this.#sendOne({ news: batch });
      batch = [];
      batchBytes = 0;
    };
    for (const news of this.#waiting.splice(0)) {
      const bytes = bytesOf(news) + ','.length;
      if (batchBytes + bytes > this.#spaceBytes) sendBatch();
      if (bytes > this.#spaceBytes) {
        this.#sendInParts(JSON.stringify(news));
        continue;
      }
      batch.push(news);
      batchBytes += bytes;
    }
    sendBatch();
  }

  /** Sends again what did not arrive, as it was. */
  repeat(numbers: readonly number[]): void {
    for (const message of this.#kept) if (numbers.includes(message.number)) this.#send?.(message);
  }

  #take(news: News, agoMs: number): void {
    this.#waiting.push({ ...news, atMs: inMicroseconds(this.#options.wall.nowMs() - agoMs) });
  }

  #sendInParts(text: string): void {
    let part = '';
    let partBytes = 0;
    for (const character of text) {
      // As a part of JSON once more, where quotes and backslashes count twice.
      const bytes = bytesOf(character) - '""'.length;
      if (partBytes + bytes > this.#spaceBytes) {
        this.#sendOne({ part, isLastPart: false });
        part = '';
        partBytes = 0;
      }
      part += character;
      partBytes += bytes;
    }
    this.#sendOne({ part, isLastPart: true });
  }

  #sendOne(content: ToldContent): void {
    const { by, wall, callMs } = this.#options;
    const stamp = { number: this.#number++, sentMs: inMicroseconds(wall.nowMs()), callMs: inMicroseconds(callMs()) };
    const message = toldMessage(by, stamp, content);
    this.#kept.push(message);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    this.#send?.(message);
  }
}

function inMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
