/**
 * One conversation from the first join to its end. It knows an agent only as something that takes a seat, so that
 * anybody's agent can. How a run ends is decided here or by an agent, and always for one reason of a closed list.
 */
import { reasonOf } from '../base/errors.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import type { EndedBy } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Transport } from '../room/room.ts';
import type { Budget } from './budget.ts';
import type { StopConditions } from './stop-conditions.ts';

/** Whoever takes a seat. */
export interface Participating {
  join(transport: Transport): Promise<void>;
  /** Ends the call gracefully: says what it is saying, then leaves. */
  end(endedBy: EndedBy): void;
  /** Leaves at once. */
  stop(reason: string): void;
}

export type Ending = { readonly endedBy: EndedBy; readonly agent?: string; readonly reason?: string };

export type ConversationOptions = {
  readonly clock: Clock & { run(): Promise<void>; stop(): void };
  readonly log: EventLog;
  readonly transport: Transport;
  readonly conditions: StopConditions;
  /** Makes the agents; each calls `ended` when it has left on its own account. */
  readonly seats: (ended: (agent: string, endedBy: EndedBy) => void) => readonly Participating[];
  readonly limits: { readonly maxDurationMs: number; readonly inactivityMs: number };
  /** It has to be shown the log's events; without one, money is no object. */
  readonly budget?: Budget | undefined;
  /** What it came to in truth, which may be worse than it seems from here. */
  readonly judge?: ((ending: Ending) => Ending) | undefined;
  /** Called when everybody has left, before the log is closed: what else there is to say of the call. Waits in no call
   * time, for there is none any more, and may find that it ended otherwise. */
  readonly conclude?: ((ending: Ending) => Promise<Ending>) | undefined;
  /** Aborted when the user wants it to stop. */
  readonly signal?: AbortSignal | undefined;
};

/** Runs it. The log has its last event when this resolves, however it went; what was thrown is thrown after that. */
export async function converse(options: ConversationOptions): Promise<Ending> {
  const { clock, log, transport, conditions, limits, signal } = options;
  const timers: Timer[] = [];
  const failures: unknown[] = [];
  let ending: Ending | undefined;
  const finish = (result: Ending): void => {
    if (ending) return;
    ending = options.judge?.(result) ?? result;
    clock.stop();
    for (const timer of timers) timer.cancel();
    for (const seat of seats) {
      try {
        seat.stop('call over');
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const fail = (error: unknown): void => {
    failures.push(error);
    finish(errorEnding(error));
  };
  const broken = (error: unknown): Ending => {
    failures.push(error);
    return errorEnding(error);
  };
  let exhausted: string | undefined;
  const seats = options.seats((agent, endedBy) => finish(endedBy === 'budget' && exhausted !== undefined ? { endedBy, reason: exhausted } : { endedBy, agent }));
  const cancel = (): void => {
    const cancelled = (): void => finish({ endedBy: 'cancelled' });
    // A sink may abort in the middle of an event, and that has to come to its end first: then this is the next one...
    clock.at(clock.nowMs(), { phase: 'delivery', order: -1 }, cancelled);
    // ...but between two events nothing is waited for, for call time may stand still.
    void thisMoment().then(cancelled);
  };
  timers.push(
    clock.at(limits.maxDurationMs, { phase: 'turn', order: seats.length }, () => finish({ endedBy: 'max_duration' })),
    watchInactivity(clock, conditions, limits.inactivityMs, () => finish({ endedBy: 'inactivity' })),
  );
  conditions.onGoodbyes = () => seats.forEach((seat) => seat.end('goodbye'));
  // At once, for whoever asked may have been about to ask for more. What was paid for is played to its end.
  if (options.budget) {
    options.budget.onExhausted = (reason) => {
      exhausted = reason;
      for (const seat of seats) seat.end('budget');
    };
  }
  // Later in the same instant, so that whoever told of it has come to its end.
  conditions.onRefused = (refusal) => void clock.at(clock.nowMs(), { phase: 'turn', order: seats.length }, () => finish({ endedBy: 'error', ...refusal }));
  const join = async (): Promise<void> => {
    for (const seat of seats) await seat.join(transport);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) finish({ endedBy: 'cancelled' });
  else {
    clock.task(join);
    await clock.run().catch(fail);
  }
  signal?.removeEventListener('abort', cancel);
  // Whoever is left in the room leaves now, and that is part of the log.
  await transport.close().catch(fail);
  // From here on there is nobody to be told that money is short.
  if (options.budget) options.budget.onExhausted = () => {};
  const ended = (await options.conclude?.(ending ?? UNEXPLAINED).catch(broken)) ?? ending ?? UNEXPLAINED;
  log.append({ type: 'run.ended', ...ended });
  if (failures.length > 0) throw failures[0];
  return ended;
}

const UNEXPLAINED: Ending = { endedBy: 'error' };

function errorEnding(error: unknown): Ending {
  return { endedBy: 'error', reason: reasonOf(error) };
}

/** Is over when whatever runs now has come to its end. */
async function thisMoment(): Promise<void> {}

/** Ends the run when nobody has spoken for so long. */
function watchInactivity(clock: Clock, conditions: StopConditions, inactivityMs: number, onInactive: () => void): Timer {
  let timer: Timer;
  const watch = (dueMs: number): void => {
    timer = clock.at(dueMs, { phase: 'turn', order: 99 }, () => {
      const quietSinceMs = conditions.quietSinceMs ?? clock.nowMs();
      if (clock.nowMs() - quietSinceMs >= inactivityMs) onInactive();
      else watch(quietSinceMs + inactivityMs);
    });
  };
  watch(inactivityMs);
  return { cancel: () => timer.cancel() };
}
