/**
 * How fast virtual time runs for those who watch it: set beforehand, or changed while it runs. It is no clock; one clock
 * follows it.
 */
import { invariant } from '../base/errors.ts';

export class Pace {
  #factor: number | undefined;
  #paused: boolean;
  #onChange: (() => void) | undefined;

  /** `factor`: call seconds per wall second; undefined means as fast as possible. */
  constructor({ factor, paused = false }: { factor?: number | undefined; paused?: boolean } = {}) {
    this.#factor = checked(factor);
    this.#paused = paused;
  }

  get factor(): number | undefined {
    return this.#factor;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** From here on; a call that stands still goes on standing. */
  set(factor: number | undefined): void {
    this.#factor = checked(factor);
    this.#onChange?.();
  }

  /** Call time stands still until `resume`, wherever it is. */
  pause(): void {
    this.#paused = true;
    this.#onChange?.();
  }

  resume(): void {
    this.#paused = false;
    this.#onChange?.();
  }

  /** For the clock that follows it: called after every change. */
  follow(onChange: () => void): void {
    invariant(!this.#onChange, 'two clocks follow one pace');
    this.#onChange = onChange;
  }
}

function checked(factor: number | undefined): number | undefined {
  invariant(factor === undefined || (factor > 0 && Number.isFinite(factor)), `call time cannot run at a pace of ${factor}`);
  return factor;
}
