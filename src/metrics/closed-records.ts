/**
 * The latency records of a run while it lasts: each is given once, when its reply is over, with what the log tells
 * until then. What comes later (a peer that talks on over it) is only in the records of the whole log.
 */
import type { BottalkEvent } from '../events/event.ts';
import { isComplete, type LatencyRecord, latencyRecord } from './latency-record.ts';
import { RunFold } from './run-fold.ts';

export type ClosedRecord = {
  readonly record: LatencyRecord;
  /** When its last sample was sent: call milliseconds. */
  readonly endMs: number;
};

export class ClosedRecords {
  readonly fold = new RunFold();
  readonly #counts = new Map<string, number>();

  /** Shows the next event and gives the record that it completes, if any. */
  event(event: BottalkEvent): ClosedRecord | undefined {
    this.fold.event(event);
    if (event.type !== 'reply.stopped') return undefined;
    const reply = this.fold.replies.find((one) => one.replyId === event.replyId);
    if (!reply || !isComplete(reply)) return undefined;
    const index = this.#counts.get(reply.agent) ?? 0;
    this.#counts.set(reply.agent, index + 1);
    return { record: latencyRecord(this.fold, reply, index), endMs: reply.lastSampleMs };
  }
}
