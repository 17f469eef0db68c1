/**
 * The process of one agent: its brain, voice, ears and browser, and its seat in a room that another process keeps. It
 * does what that process says, tells it everything, and ends with it, however that happens. Run it by `fork` only.
 */
import type { AudioFrame } from '../../audio/frame.ts';
import { RealClock } from '../../clock/real-clock.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import type { EventLog } from '../../events/log.ts';
import type { Agent } from '../../pipeline/agent.ts';
import { LoneSeat } from '../../providers/daily/lone-seat.ts';
import type { DailySeats } from '../../providers/daily/seats.ts';
import type { SeatListener } from '../../providers/daily/seat.ts';
import type { SeatSource } from '../../providers/daily/transport.ts';
import type { Connection, Transport } from '../../room/room.ts';
import { openLoneAgent } from '../lone-agent.ts';
import type { AgentOrder, FromAgent, SeatNews, ToAgent } from './agent-messages.ts';
import { carry } from './carried-error.ts';

/** Of so many looks at the other process's call time the quickest counts: it is wrong by half its way at most. */
const LOOKS_AT_TIME = 5;

/** The answer to `leaving` is on its way when this begins; without it the seat is left all the same. */
const LAST_WORD_MS = 1_000;

type Prepared = { readonly agent: Agent; readonly seats: DailySeats; connect(): Promise<void>; close(): Promise<void> };

const clock = new RealClock({ wall });
/** A lag up to this is no news; the clock is there before anybody could tell it. */
let toleratedLagMs = 0;
const log: EventLog = { append: (event, happenedMs = clock.nowMs()) => tell({ kind: 'event', event, happenedMs }) };
/** Settles when all that was told is on its way. */
let lastTold: Promise<void> = Promise.resolve();
let prepared: Prepared | undefined;
let seat: LoneSeat | undefined;
let connection: Connection | undefined;
let leaveReason = 'left';
/** Settles when all that had to be sent from the seat was told. */
const mayGo = Promise.withResolvers<void>();
let timeTold: (callMs: number) => void = () => undefined;

// Whoever keeps the run is gone. The browser hangs on this process and goes with it.
process.once('disconnect', () => process.exit());
process.on('message', (message: ToAgent) => void take(message).catch((error: unknown) => tell({ kind: 'failed', error: carry(error) })));

async function take(message: ToAgent): Promise<void> {
  switch (message.kind) {
    case 'prepare':
      prepared = await prepare(message.order);
      return;
    case 'connect':
      await prepared?.connect();
      return tell({ kind: 'connected' });
    case 'time':
      return timeTold(message.callMs);
    case 'sit':
      return sit(message);
    case 'text':
      return seat?.hand(message.transcript);
    case 'send':
      return connection?.sendUnlogged(message.data, message.to);
    case 'go':
      connection?.leave(leaveReason);
      return mayGo.resolve();
    case 'end':
      return prepared?.agent.end(message.endedBy);
    case 'stop':
      return prepared?.agent.stop(message.reason);
    case 'close':
      return close();
  }
}

async function prepare(order: AgentOrder): Promise<Prepared> {
  const { of, patience } = order;
  toleratedLagMs = patience?.lagMs ?? 0;
  // By this name a person can find the process.
  process.title = `bottalk agent: ${of.scenario.agents[order.order]?.name ?? ''}`;
  const lone = await openLoneAgent(of, order.order, { ...order, clock, wall, log, onWarning: (text) => tell({ kind: 'warning', text }) });
  const { opened, seats } = lone;
  const agent = opened.agent({ log, onEnded: (endedBy) => tell({ kind: 'ended', endedBy }) });
  tell({ kind: 'ready', started: opened.started, warning: opened.warning });
  return {
    agent,
    seats,
    connect: () => opened.connect({ log }),
    close: async () => {
      await lone.close();
      const calls = lone.calls();
      if (calls) tell({ kind: 'recorded', calls });
    },
  };
}

async function sit({ request, announcedLatencyMs }: Extract<ToAgent, { kind: 'sit' }>): Promise<void> {
  if (!prepared || seat) return;
  const { agent, seats } = prepared;
  clock.joinCall(await callBegan());
  seat = new LoneSeat({ clock, log, seats: telling(seats), seat: request, announcedLatencyMs });
  const room = telledOf(seat);
  clock.task(() => agent.join(room));
  await clock.run();
}

/** When the call began, by the wall clock of this process. */
async function callBegan(): Promise<number> {
  const looks: { readonly tookMs: number; readonly beganWallMs: number }[] = [];
  while (looks.length < LOOKS_AT_TIME) {
    const askedMs = wall.nowMs();
    const callMs = await new Promise<number>((resolve) => {
      timeTold = resolve;
      tell({ kind: 'time' });
    });
    const toldMs = wall.nowMs();
    looks.push({ tookMs: toldMs - askedMs, beganWallMs: (askedMs + toldMs) / 2 - callMs });
  }
  return looks.reduce((best, look) => (look.tookMs < best.tookMs ? look : best)).beganWallMs;
}

/** The same seats, whose news are told to whoever keeps the room as well. What is the whole room's goes there only. */
function telling(seats: DailySeats): SeatSource {
  const news = (one: SeatNews): void => tell({ kind: 'news', news: one });
  const listenFor = (own: SeatListener): SeatListener => ({
    peerJoined: (...given) => (news({ what: 'peerJoined', given }), own.peerJoined(...given)),
    peerLeft: (...given) => (news({ what: 'peerLeft', given }), own.peerLeft(...given)),
    frameArrived: (...given) => (news({ what: 'frameArrived', given }), own.frameArrived(...given)),
    appMessageArrived: (...given) => own.appMessageArrived(...given),
    transcriptArrived: (...given) => news({ what: 'transcriptArrived', given }),
    transcriptionChanged: (...given) => news({ what: 'transcriptionChanged', given }),
    seatChanged: (...given) => (news({ what: 'seatChanged', given }), own.seatChanged(...given)),
    troubled: (...given) => news({ what: 'troubled', given }),
    seatLost: (error) => (tell({ kind: 'seat_lost', error: carry(error) }), own.seatLost(error)),
  });
  return {
    take: async (request, listener) => {
      try {
        const taken = await seats.take(request, listenFor(listener));
        tell({ kind: 'seated', self: taken.self });
        return taken;
      } catch (error) {
        tell({ kind: 'refused', error: carry(error) });
        throw error;
      }
    },
    close: () => seats.close(),
  };
}

/** The same room, in which the agent leaves only when all that has to be sent from its seat was sent. */
function telledOf(room: Transport): Transport {
  return {
    join: async (request, listener) => {
      const own = await room.join(request, listener);
      connection = own;
      return {
        get self() {
          return own.self;
        },
        transcriptionLatencyMs: own.transcriptionLatencyMs,
        publish: (frame: AudioFrame) => {
          own.publish(frame);
          tell({ kind: 'spoke', samples: frame.samples });
        },
        sendAppMessage: (data, to) => own.sendAppMessage(data, to),
        sendUnlogged: (data, to) => own.sendUnlogged(data, to),
        leave: (reason) => {
          leaveReason = reason;
          tell({ kind: 'leaving', reason });
        },
      };
    },
    close: () => room.close(),
  };
}

async function close(): Promise<void> {
  try {
    prepared?.agent.stop('call over');
    clock.stop();
    if (clock.lag && clock.lag.worstMs > toleratedLagMs) log.append({ type: 'timing.lagged', ...clock.lag });
    if (connection) await Promise.race([mayGo.promise, wall.sleep(LAST_WORD_MS)]);
    await seat?.close();
    await prepared?.close();
    await lastTold;
  } finally {
    process.exit();
  }
}

function tell(message: FromAgent): void {
  // Where nobody listens any more, this process is about to end.
  lastTold = new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}
