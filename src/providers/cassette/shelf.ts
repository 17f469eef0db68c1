/** The calls of one agent and one kind, in the order of the recording, and which of them were played. */
import { fingerprintOf } from './call-request.ts';
import type { CallKind, Cassette, CassetteCall } from './cassette.ts';

export class Shelf {
  readonly #calls: readonly CassetteCall[];
  readonly #fingerprints: readonly string[];
  readonly #played = new Set<CassetteCall>();

  constructor({ calls }: Cassette, of: { readonly kind: CallKind; readonly agent: string }) {
    this.#calls = calls.filter(({ kind, agent }) => kind === of.kind && agent === of.agent);
    this.#fingerprints = this.#calls.map(({ request }) => fingerprintOf(request));
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
    const taken = this.#played.size;
    return this.#take((_, i) => i >= taken) ?? this.#take(() => true);
  }

  /** What would come next if all went as recorded. */
  get expected(): CassetteCall | undefined {
    return this.#calls.find((call) => !this.#played.has(call));
  }

  get unplayed(): readonly CassetteCall[] {
    return this.#calls.filter((call) => !this.#played.has(call));
  }

  #take(wanted: (call: CassetteCall, index: number) => boolean): CassetteCall | undefined {
    const call = this.#calls.find((candidate, i) => !this.#played.has(candidate) && wanted(candidate, i));
    if (call) this.#played.add(call);
    return call;
  }
}
