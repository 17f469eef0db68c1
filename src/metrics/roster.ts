/** Who takes part: which seat in the room is whose. A name that sits down again keeps its name and gets a new seat. */
import type { AgentProviders, BottalkEvent, EventOf } from '../events/event.ts';

export type RosterAgent = AgentProviders & { readonly name: string; readonly role: 'system' | 'user'; readonly goesFirst: boolean };

/** Folds the seats of a run. */
export class Roster {
  #started: EventOf<'run.started'> | undefined;
  readonly #names = new Map<string, string>();

  event(event: BottalkEvent): void {
    if (event.type === 'run.started') this.#started = event;
    else if (event.type === 'participant.joined') this.#names.set(event.participant, event.name);
  }

  /** What the first event says of the run; undefined until it came. */
  get started(): EventOf<'run.started'> | undefined {
    return this.#started;
  }

  get agents(): readonly RosterAgent[] {
    return this.#started?.agents ?? [];
  }

  /** The display name behind a seat; the seat's own id if it never joined. */
  nameOf(participant: string): string {
    return this.#names.get(participant) ?? participant;
  }

  /** The other agent's name; undefined for somebody who is no agent. */
  peerOf(agent: string): string | undefined {
    if (!this.agents.some(({ name }) => name === agent)) return undefined;
    return this.agents.find(({ name }) => name !== agent)?.name;
  }
}
