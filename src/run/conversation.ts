/**
 * One conversation from the first join to its end. It knows an agent only as something that takes a seat, so that
 * anybody's agent can. How a run ends is decided here or by an agent, and always for one reason of a closed list.
 */
import type { Clock, Timer } from '../clock/clock.ts';
import type { EndedBy } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Transport } from '../room/room.ts';
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
    ending = result;
    for (const timer of timers) timer.cancel();
    for (const seat of seats) {
      try {
        seat.stop('call over');
      } catch (error) {
        failures.push(error);
      }
    }
    log.append({ type: 'run.ended', ...result });
    clock.stop();
  };
  const seats = options.seats((agent, endedBy) => finish({ endedBy, agent }));
  // A moment later, for a sink may abort in the middle of an event, and that event has to come to its end first.
  const cancel = (): void => void Promise.resolve().then(() => finish({ endedBy: 'cancelled' }));
  const place = { phase: 'turn', order: seats.length } as const;

  timers.push(
    clock.at(limits.maxDurationMs, place, () => finish({ endedBy: 'max_duration' })),
    ...watchInactivity(clock, conditions, limits.inactivityMs, () => finish({ endedBy: 'inactivity' })),
  );
  conditions.onGoodbyes = () => seats.forEach((seat) => seat.end('goodbye'));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    if (signal?.aborted) finish({ endedBy: 'cancelled' });
    else {
      clock.task(async () => {
        for (const seat of seats) await seat.join(transport);
      });
      await clock.run();
    }
    if (failures.length > 0) throw failures[0];
    return ending ?? { endedBy: 'error' };
  } catch (error) {
    finish({ endedBy: 'error', reason: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
    await transport.close();
  }
}

/** Ends the run when nobody has spoken for so long. */
function watchInactivity(clock: Clock, conditions: StopConditions, inactivityMs: number, onInactive: () => void): Timer[] {
  let timer: Timer;
  const watch = (dueMs: number): void => {
    timer = clock.at(dueMs, { phase: 'turn', order: 99 }, () => {
      const quietSinceMs = conditions.quietSinceMs ?? clock.nowMs();
      if (clock.nowMs() - quietSinceMs >= inactivityMs) onInactive();
      else watch(quietSinceMs + inactivityMs);
    });
  };
  watch(inactivityMs);
  return [{ cancel: () => timer.cancel() }];
}
