/** One playing of a cassette: which of its calls were played, and whether the world had to be asked as well. */
import type { CallKind, Cassette, CassetteCall } from './cassette.ts';
import { hasFailed } from './played-answer.ts';
import { Shelf } from './shelf.ts';

/** What each mode proves stands in docs/cassettes.md. */
export type CassetteMode = 'strict' | 'refresh' | 'timing';

export class Playback {
  readonly cassette: Cassette;
  readonly mode: CassetteMode;
  /** Something was asked that the cassette does not hold, and the world has answered. */
  grown = false;
  readonly #played = new Set<CassetteCall>();

  constructor(cassette: Cassette, mode: CassetteMode) {
    this.cassette = cassette;
    this.mode = mode;
  }

  /** What failed when it was recorded is no answer to a refresh: it is asked again. */
  shelf(kind: CallKind, agent: string): Shelf {
    const calls = this.cassette.calls.filter((call) => call.kind === kind && call.agent === agent && !(this.mode === 'refresh' && hasFailed(call)));
    return new Shelf(calls, this.#played);
  }

  /**
   * The cassette with what this run added: first the calls of the run, which are played again like that, and then those
   * that it did not ask for, marked as such. To be kept only of a run that ended well: of any other, what it did not
   * reach would be marked as well.
   */
  refreshed({ header, calls }: Cassette): Cassette {
    const others = this.cassette.calls.filter((call) => !this.#played.has(call) && !hasFailed(call));
    return { header, calls: [...calls, ...others.map((call): CassetteCall => ({ ...call, unused: true }))] };
  }
}
