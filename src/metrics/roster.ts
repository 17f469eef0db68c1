/** Who takes part: which seat in the room is whose. A name that sits down again keeps its name and gets a new seat. */
import type { AgentProviders, BottalkEvent, EventOf } from '../events/event.ts';

export type RosterAgent = AgentProviders & { readonly name: string; readonly role: 'system' | 'user'; readonly goesFirst: boolean };

/** Somebody who is none of the agents, from joining to leaving; `leftMs` is null while they are there. */
export type Visit = { readonly name: string; readonly participant: string; readonly joinedMs: number; leftMs: number | null };

/** Folds the seats of a run. */
export class Roster {
  #started: EventOf<'run.started'> | undefined;
  readonly #names = new Map<string, string>();
  readonly #visits: Visit[] = [];

  event(event: BottalkEvent): void {
    if (event.type === 'run.started') this.#started = event;
    else if (event.type === 'participant.joined') {
      const { participant, name, atMs } = event;
      this.#names.set(participant, name);
      if (!this.isAgent(name)) this.#visits.push({ name, participant, joinedMs: atMs, leftMs: null });
    } else if (event.type === 'participant.left') {
      const visit = this.#visits.find(({ participant }) => participant === event.participant);
      if (visit) visit.leftMs = event.atMs;
    }
  }

  /** Whether this is the name of an agent, and not that of somebody who came to listen or to talk. */
  isAgent(name: string): boolean {
    return this.agents.some((agent) => agent.name === name);
  }

  /** Everybody else who was in the room, in the order of joining. */
  get visits(): readonly Visit[] {
    return this.#visits;
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
    if (!this.isAgent(agent)) return undefined;
    return this.agents.find(({ name }) => name !== agent)?.name;
  }
}
