/** The calls of one agent and one kind, in the order of the recording, and which of them were played. */
import { fingerprintOf } from './call-request.ts';
import type { CassetteCall } from './cassette.ts';

export class Shelf {
  readonly #calls: readonly CassetteCall[];
  readonly #fingerprints: readonly string[];
  readonly #played: Set<CassetteCall>;

  /** `played` may be shared with other shelves. */
  constructor(calls: readonly CassetteCall[], played: Set<CassetteCall>) {
    this.#calls = calls;
    this.#fingerprints = calls.map(({ request }) => fingerprintOf(request));
    this.#played = played;
  }

  /** The first that was not played yet and whose request is this one. */
  takeEqual(fingerprint: string): CassetteCall | undefined {
    return this.#take((_, i) => this.#fingerprints[i] === fingerprint);
  }

  /** The first that was not played yet and of which this is true. */
  takeFirst(wanted: (call: CassetteCall) => boolean): CassetteCall | undefined {
    return this.#take(wanted);
  }

  /** The n-th of the recording, taken as the n-th; another where that was played already. */
  takeNext(): CassetteCall | undefined {
    const taken = this.#calls.filter((call) => this.#played.has(call)).length;
    return this.#take((_, i) => i >= taken) ?? this.#take(() => true);
  }

  /** The first of which this is true, played or not. */
  find(wanted: (call: CassetteCall) => boolean): CassetteCall | undefined {
    return this.#calls.find(wanted);
  }

  /** What would come next if all went as recorded. */
  get expected(): CassetteCall | undefined {
    return this.#calls.find((call) => !this.#played.has(call));
  }

  #take(wanted: (call: CassetteCall, index: number) => boolean): CassetteCall | undefined {
    const call = this.#calls.find((candidate, i) => !this.#played.has(candidate) && wanted(candidate, i));
    if (call) this.#played.add(call);
    return call;
  }
}
