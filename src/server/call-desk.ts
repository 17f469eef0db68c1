/**
 * The one place where calls begin and end: at most one runs, and another begins only when its folder is written. However
 * the server ends, no call outlives it.
 */
import { UsageError } from '../base/errors.ts';
import { type CallSurroundings, LiveCall, type PreparedCall } from './live-call.ts';
import { RequestError } from './request-error.ts';

export class CallDesk {
  readonly #surroundings: CallSurroundings;
  readonly #onBegin: (call: LiveCall) => void;
  readonly #closing = new AbortController();
  #current: LiveCall | undefined;
  #count = 0;
  /** Starts that are being prepared, oldest first. */
  readonly #preparing = new Set<AbortController>();
  /** What is done at the desk, one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** `onBegin` is called before a call tells anything. */
  constructor(surroundings: CallSurroundings, onBegin: (call: LiveCall) => void) {
    this.#surroundings = surroundings;
    this.#onBegin = onBegin;
  }

  /** The call that runs, or the last one. */
  get current(): LiveCall | undefined {
    return this.#current;
  }

  /** Aborted when the server ends: nothing need be prepared any more. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Ends the call that runs when this one is prepared, then begins it. Rejects with a RequestError if it is called off before that. */
  async start(prepare: (signal: AbortSignal) => Promise<PreparedCall>): Promise<LiveCall> {
    const calledOff = new AbortController();
    const signal = AbortSignal.any([calledOff.signal, this.#closing.signal]);
    this.#preparing.add(calledOff);
    try {
      const prepared = await prepare(signal);
      return await this.#begin(prepared, { signal, calledOff });
    } finally {
      this.#preparing.delete(calledOff);
    }
  }

  /** Resolves when no call runs, and none that was being prepared will. */
  stop(): Promise<void> {
    this.#callOff([...this.#preparing], 'the call was stopped before it began');
    return this.#inTurn(async () => {
      await this.#current?.stop();
    });
  }

  /** Ends the call that runs and lets no other begin. */
  close(): Promise<void> {
    this.#closing.abort(new RequestError(503, 'the server ends'));
    return this.stop();
  }

  #begin(prepared: PreparedCall, { signal, calledOff }: { readonly signal: AbortSignal; readonly calledOff: AbortController }): Promise<LiveCall> {
    return this.#inTurn(async () => {
      signal.throwIfAborted();
      const all = [...this.#preparing];
      this.#callOff(all.slice(0, all.indexOf(calledOff)), 'another call was started before this one began');
      await this.#current?.stop();
      signal.throwIfAborted();
      try {
        this.#current = new LiveCall((this.#count += 1), prepared, this.#surroundings, this.#onBegin);
      } catch (error) {
        // A folder that cannot be made is no fault of the client's; the hint is for another command.
        if (error instanceof UsageError) throw new RequestError(500, error.mistakes[0]?.message ?? error.message);
        throw error;
      }
      return this.#current;
    });
  }

  #callOff(starts: readonly AbortController[], why: string): void {
    for (const start of starts) start.abort(new RequestError(409, why));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
