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

  /** Ends the call that runs, then begins this one. */
  start(prepared: PreparedCall): Promise<LiveCall> {
    return this.#inTurn(async () => {
      await this.#current?.stop();
      if (this.#closing.signal.aborted) throw new RequestError(503, 'the server ends');
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

  /** Resolves when no call runs. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#current?.stop();
    });
  }

  /** Ends the call that runs and lets no other begin. */
  close(): Promise<void> {
    this.#closing.abort(new RequestError(503, 'the server ends'));
    return this.stop();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
