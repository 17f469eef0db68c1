/**
 * The two shapes that every wait of the core is made of: a promise that an AbortSignal can end, and a gate that
 * another event opens. Both clocks build their waits from these.
 */
import type { Gate } from './clock.ts';

export type Settle<T> = { readonly resolve: (value: T) => void; readonly reject: (reason: unknown) => void };

/** Registers a wait and returns how to call it off. */
export type Register<T> = (settle: Settle<T>) => () => void;

/** A promise that settles once: by `register`, or by the signal's abort, which also calls the wait off. */
export function abortable<T>(signal: AbortSignal | undefined, register: Register<T>, onSettled: () => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let settled = false;
    let callOff: (() => void) | undefined;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', onAbort);
      onSettled();
      finish();
    };
    const onAbort = (): void =>
      settle(() => {
        callOff?.();
        reject(signal?.reason);
      });
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    callOff = register({
      resolve: (value) => settle(() => resolve(value)),
      reject: (reason) => settle(() => reject(reason)),
    });
  });
}

type Wait = (signal: AbortSignal | undefined, register: Register<void>) => Promise<void>;

export class ClockGate implements Gate {
  readonly #wait: Wait;
  readonly #waiting = new Set<Settle<void>>();
  #isOpen = false;

  constructor(wait: Wait) {
    this.#wait = wait;
  }

  open(): void {
    this.#isOpen = true;
    for (const settle of this.#waiting) settle.resolve();
    this.#waiting.clear();
  }

  close(): void {
    this.#isOpen = false;
  }

  wait(signal?: AbortSignal): Promise<void> {
    return this.#wait(signal, (settle) => {
      if (this.#isOpen) settle.resolve();
      else this.#waiting.add(settle);
      return () => void this.#waiting.delete(settle);
    });
  }
}
