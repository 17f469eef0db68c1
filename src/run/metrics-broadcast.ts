/**
 * Tells the room what the agents measure, while the call lasts: each agent's metrics go out over its own seat, and a
 * newcomer who is none of the agents gets, alone, what was told before. The log is their source, so they are not
 * logged again; the agents ignore each other's. Nothing here can change the call.
 */
import type { Random } from '../base/random.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import type { BottalkEvent } from '../events/event.ts';
import type { Sink } from '../events/log.ts';
import { MessageFold } from '../metrics/message-fold.ts';
import type { MetricsMessage } from '../metrics/metrics-message.ts';
import { containsName } from '../pipeline/transcript-filter.ts';
import type { Connection, Participant, RoomListener, Transport } from '../room/room.ts';
import { numbered, type NumberedMessage, roomMessage } from './room-message.ts';

export type MetricsBroadcastOptions = {
  readonly clock: Clock;
  /** What message ids are made of. */
  readonly ids: Random;
  /** The time of day at call time zero, in milliseconds since 1970; asked once the call runs. */
  readonly startEpochMs: () => number;
  readonly knownAgents: readonly string[];
};

/** A newcomer gets so many of an agent's messages a second: as many as Daily's REST interface takes, which names its limit. */
const REPLAYED_PER_SECOND = 20;
/** A call of ten minutes makes some hundreds; what is older than this is no longer told to newcomers. */
const MOST_HISTORY = 5000;

type Teller = {
  readonly ids: Random;
  readonly history: NumberedMessage[];
  /** By newcomer. */
  readonly replays: Map<string, Timer>;
  told: number;
  order: number;
  connection: Connection | undefined;
};

export class MetricsBroadcast implements Sink {
  readonly #options: MetricsBroadcastOptions;
  readonly #fold = new MessageFold();
  readonly #tellers: ReadonlyMap<string, Teller>;
  #startEpochMs: number | undefined;

  constructor(options: MetricsBroadcastOptions) {
    this.#options = options;
    this.#tellers = new Map(options.knownAgents.map((agent) => [agent, newTeller(options.ids.fork(agent))]));
  }

  event(event: BottalkEvent): void {
    for (const message of this.#fold.event(event)) this.#tell(message);
  }

  /** The same room, whose newcomers are noticed for every agent that takes a seat through it. */
  over(room: Transport): Transport {
    return {
      join: async (request, listener) => {
        const teller = this.#tellers.get(request.name);
        if (!teller) return room.join(request, listener);
        const connection = await room.join(request, this.#noticing(listener, teller));
        Object.assign(teller, { connection, order: request.order });
        return connection;
      },
      close: () => room.close(),
    };
  }

  /** The agent is about to leave: this is the last that can be sent from its seat. */
  leaving(agent: string): void {
    const teller = this.#tellers.get(agent);
    if (!teller) return;
    for (const timer of teller.replays.values()) timer.cancel();
    teller.replays.clear();
    const data = this.#fold.summaryOf(agent);
    if (data) this.#tell({ agent, atMs: this.#options.clock.nowMs(), body: { type: 'summary', data } });
    teller.connection = undefined;
  }

  #noticing(listener: RoomListener, teller: Teller): RoomListener {
    return {
      frameHeard: (from, frame) => listener.frameHeard(from, frame),
      transcriptReceived: (transcript) => listener.transcriptReceived(transcript),
      participantJoined: (peer) => {
        listener.participantJoined(peer);
        this.#welcome(peer, teller);
      },
      participantLeft: (peer, reason) => {
        teller.replays.get(peer.id)?.cancel();
        teller.replays.delete(peer.id);
        listener.participantLeft(peer, reason);
      },
      appMessageReceived: (from, data) => listener.appMessageReceived(from, data),
    };
  }

  #tell(message: MetricsMessage): void {
    const teller = this.#tellers.get(message.agent);
    if (!teller) return;
    this.#startEpochMs ??= this.#options.startEpochMs();
    const kept = numbered(message, { seq: teller.told, startEpochMs: this.#startEpochMs });
    teller.told += 1;
    teller.history.push(kept);
    if (teller.history.length > MOST_HISTORY) teller.history.shift();
    teller.connection?.sendUnlogged(roomMessage(kept, teller.ids));
  }

  /** Sends what was told so far to a newcomer, in order; what is told from now on he gets as everybody does. */
  #welcome(peer: Participant, teller: Teller): void {
    const { clock, knownAgents } = this.#options;
    const { history, replays, order } = teller;
    if (history.length === 0 || replays.has(peer.id) || knownAgents.some((known) => containsName(peer.name, known))) return;
    const waiting = [...history];
    const timer = clock.every(1000 / REPLAYED_PER_SECOND, { phase: 'network', order }, () => {
      const next = waiting.shift();
      if (next) teller.connection?.sendUnlogged(roomMessage(next, teller.ids, { replay: true }), peer.id);
      else timer.cancel();
    });
    replays.set(peer.id, timer);
  }
}

function newTeller(ids: Random): Teller {
  return { ids, history: [], replays: new Map(), told: 0, order: 0, connection: undefined };
}
