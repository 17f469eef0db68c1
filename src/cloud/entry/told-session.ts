/**
 * A session that tells its room what its agent does, for a run that listens there: the agent's own events, and what
 * becomes of it; see told-events.ts. It also takes that run's orders. What everybody in the room can see for himself,
 * such as who came and who spoke, is not told.
 */
import type { WallClock } from '../../clock/wall-clock.ts';
import type { LoneCall } from '../../compose/lone-run.ts';
import type { BottalkEvent, EndedBy } from '../../events/event.ts';
import type { Sink } from '../../events/log.ts';
import type { Connection, RoomListener, Transport } from '../../room/room.ts';
import type { Ending } from '../../run/conversation.ts';
import { EventTeller } from '../event-teller.ts';
import { readOrder, type ToldBy } from '../told-events.ts';

export type ToldSessionOptions = {
  readonly by: ToldBy;
  /** The agent's for the room: who has it as well gives the orders. */
  readonly token: string;
  readonly wall: WallClock;
  /** Ends the session at once. */
  readonly stop: (ending: Ending) => void;
};

export class ToldSession implements Sink {
  readonly #options: ToldSessionOptions;
  /** What happened before the agent was ready to say so. */
  readonly #early: BottalkEvent[] = [];
  #teller: EventTeller | undefined;
  #endedBy: EndedBy | undefined;

  constructor(options: ToldSessionOptions) {
    this.#options = options;
  }

  event(event: BottalkEvent): void {
    const { agent } = this.#options.by;
    if (!isOf(agent, event)) return;
    if (event.type === 'call.ending') this.#endedBy = event.endedBy;
    if (this.#teller) tell(this.#teller, event);
    else this.#early.push(event);
  }

  /** The same room, from whose seat the agent tells what it does. */
  through(room: Transport, call: LoneCall): Transport {
    const { by, wall } = this.#options;
    const teller = new EventTeller({ by, wall, callMs: call.nowMs });
    this.#teller = teller;
    teller.tell({ is: 'hello', started: call.started, ...(call.warning !== undefined && { warning: call.warning }) });
    for (const event of this.#early.splice(0)) tell(teller, event);
    return {
      join: async (request, listener) => {
        const own = await room.join(request, this.#obeying(listener, call, teller));
        teller.open((data) => own.sendUnlogged(data));
        return leavingTold(own, (reason) => this.#leave(teller, reason, call));
      },
      close: () => room.close(),
    };
  }

  #obeying(listener: RoomListener, { end }: LoneCall, teller: EventTeller): RoomListener {
    const { by, token, stop } = this.#options;
    return {
      frameHeard: (from, frame) => listener.frameHeard(from, frame),
      transcriptReceived: (transcript) => listener.transcriptReceived(transcript),
      participantJoined: (peer) => listener.participantJoined(peer),
      participantLeft: (peer, reason) => listener.participantLeft(peer, reason),
      appMessageReceived: (from, data) => {
        const order = readOrder(data, { agent: by.agent, token });
        if (!order) return listener.appMessageReceived(from, data);
        if (order.do === 'repeat') teller.repeat(order.numbers);
        else if (order.do === 'end') end(order.endedBy);
        else stop({ endedBy: 'cancelled', reason: order.reason });
      },
    };
  }

  #leave(teller: EventTeller, reason: string, { lag }: LoneCall): void {
    const lagged = lag();
    if (lagged) teller.append({ type: 'timing.lagged', ...lagged });
    teller.tell({ is: 'leaving', reason });
    if (this.#endedBy !== undefined) teller.tell({ is: 'ended', endedBy: this.#endedBy });
    teller.tell({ is: 'closed' });
  }
}

/** Whether it is something that only the agent knows. */
function isOf(agent: string, event: BottalkEvent): boolean {
  if (event.type === 'warning.raised' || event.type === 'app_message.sent') return true;
  // What is told last counts the lag of the whole call; the judgement of it is not this agent's.
  return event.type !== 'run.ended' && event.type !== 'role.judged' && 'agent' in event && event.agent === agent;
}

function tell(teller: EventTeller, event: BottalkEvent): void {
  const { seq: _seq, atMs, ...happened } = event;
  teller.append(happened, atMs);
}

function leavingTold(own: Connection, leaving: (reason: string) => void): Connection {
  let hasLeft = false;
  return {
    get self() {
      return own.self;
    },
    transcriptionLatencyMs: own.transcriptionLatencyMs,
    publish: (frame) => own.publish(frame),
    sendAppMessage: (data, to) => own.sendAppMessage(data, to),
    sendUnlogged: (data, to) => own.sendUnlogged(data, to),
    leave: (reason) => {
      if (!hasLeft) leaving(reason);
      hasLeft = true;
      own.leave(reason);
    },
  };
}
