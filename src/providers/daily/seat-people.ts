/**
 * Who is in a call as one seat sees it: oneself under every id one ever had, and the peers. After a return the peers
 * from before are doubtful until they are announced again.
 */
import type { Participant } from '../../room/room.ts';
import type { PagePerson } from './page-messages.ts';

/** People who join by a link without giving a name. */
const NAMELESS = 'Guest';

export class SeatPeople {
  readonly #peers = new Map<string, Participant>();
  readonly #ownIds = new Set<string>();
  #doubtful = new Set<string>();
  #self: Participant | undefined;

  get self(): Participant | undefined {
    return this.#self;
  }

  peer(id: string): Participant | undefined {
    return this.#peers.get(id);
  }

  /** Whether this is, or was, oneself. */
  isSelf(id: string): boolean {
    return this.#ownIds.has(id);
  }

  seated(self: Participant): void {
    this.#self = self;
    this.#ownIds.add(self.id);
  }

  /** The peer, if it is news. */
  joined({ id, name }: PagePerson): Participant | undefined {
    // Until Daily has noticed that a connection is gone, its participant seems to be still here.
    if (this.#ownIds.has(id)) return undefined;
    this.#doubtful.delete(id);
    if (this.#peers.has(id)) return undefined;
    const peer = { id, name: name || NAMELESS };
    this.#peers.set(id, peer);
    return peer;
  }

  /** The peer, if it was here. */
  left(id: string): Participant | undefined {
    const peer = this.#peers.get(id);
    this.#peers.delete(id);
    this.#doubtful.delete(id);
    return peer;
  }

  doubtAll(): void {
    this.#doubtful = new Set(this.#peers.keys());
  }

  get doubtful(): readonly string[] {
    return [...this.#doubtful];
  }
}
