/** How what arrives from the world is handed on in call time, and that its recording is handed on alike. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import { type Arrival, deliver } from './arrival.ts';
import { ArrivalQueue } from './arrival-queue.ts';
import { type Place, wholeMicroseconds } from './clock.ts';
import { VirtualClock } from './virtual-clock.ts';

const TURN: Place = { phase: 'turn', order: 0 };
const never = new AbortController().signal;

describe('delivering an answer', () => {
  test('hands its pieces on in order, each as long after the opening of the request as it arrived', async () => {
    const call = start();
    const spoken = (queue: ArrivalQueue<string>): Step[] => [[300, () => queue.push('Good')], [10.5, () => queue.push('morning.')], [0, () => queue.end()]];
    call.clock.at(1000, TURN, () => call.ask('reply', spoken));
    expect(await call.runUntil(5000)).toEqual(['reply: Good at 1300', 'reply: morning. at 1310.5', 'reply is over at 1310.5']);
  });

  test('goes by the stamp of a piece, not by when it was asked for', async () => {
    const { clock, note, runUntil } = start();
    const pieces: Arrival<string>[] = [{ offsetMs: 100, value: 'one' }, { offsetMs: 100, value: 'two' }, { offsetMs: 130.5, value: 'three' }];
    clock.task(async () => {
      for await (const piece of deliver(clock, () => recording(pieces), { charge: 'none', signal: never })) note(piece);
    });
    clock.every(50, TURN, (n) => note(`tick ${n}`));
    expect(await runUntil(150)).toEqual(['tick 1 at 50', 'one at 100', 'two at 100', 'tick 2 at 100', 'three at 130.5', 'tick 3 at 150']);
  });

  test('never hands a piece on in the past: what was there long before it was asked for comes at once', async () => {
    const call = start();
    const pieces: Arrival<string>[] = [{ offsetMs: 10, value: 'one' }, { offsetMs: 20, value: 'two' }];
    call.clock.task(async () => {
      for await (const piece of deliver(call.clock, () => recording(pieces), { charge: 'none', signal: never })) {
        call.note(piece);
        await call.clock.sleep(100);
      }
    });
    expect(await call.runUntil(300)).toEqual(['one at 10', 'two at 110']);
  });

  test('of two answers at one instant, the one that was asked for first comes first', async () => {
    const call = start();
    call.ask('Sarah', (queue) => [[80, () => queue.push('yes')]]);
    call.ask('Mike', (queue) => [[80, () => queue.push('no')]]);
    expect(await call.runUntil(200)).toEqual(['Sarah: yes at 80', 'Mike: no at 80']);
  });

  test('fails as its source fails', async () => {
    const call = start();
    call.ask('reply', (queue) => [[50, () => queue.push('Well,')], [30, () => queue.fail(new Error('the line is cut'))]]);
    expect(await call.runUntil(200)).toEqual(['reply: Well, at 50', 'reply: Error: the line is cut at 80']);
  });
});

describe('the source of an answer', () => {
  test('is closed by an abort, at the moment of the abort, even while it has nothing to give', async () => {
    const call = start();
    const reply = new AbortController();
    call.ask('reply', (queue) => [[50, () => queue.push('Well,')]], reply.signal);
    call.clock.at(400, TURN, () => reply.abort(new Error('barge-in')));
    expect(await call.runUntil(60_000)).toEqual(['reply: Well, at 50', 'reply: Error: barge-in at 400']);
    expect(call.closed).toEqual(['reply at 400']);
    // Nothing is waited for any more, so the rest of the minute cost no wall time.
    expect(call.wall.nowMs()).toBe(400);
  });

  test('is closed when whoever listens has heard enough', async () => {
    const call = start();
    call.clock.task(async () => {
      const open = call.source('reply', (queue) => [[50, () => queue.push('one')], [50, () => queue.push('two')]]);
      for await (const piece of deliver(call.clock, open, { charge: 'wall', signal: never })) {
        call.note(piece);
        break;
      }
    });
    expect(await call.runUntil(1000)).toEqual(['one at 50']);
    expect(call.closed).toEqual(['reply at 50']);
  });
});

describe('a recording of an answer', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);

  test.each(seeds)('is handed on as the answer itself was, by the offsets at which its pieces were delivered (%d)', async (seed) => {
    const random = seededRandom(`answer ${seed}`);
    // Pieces come in bursts, and the machine is busy now and then, so that some are delivered late.
    const sent = Array.from({ length: 12 }, (_, i) => ({
      afterMs: random.chance(0.4) ? 0 : 90 * random.next(),
      piece: `piece ${i}`,
      busyMs: random.chance(0.2) ? 35 : 0,
    }));
    const tape: Arrival<string>[] = [];
    const live = start();
    live.everyTick(() => (random.chance(0.1) ? 25 : 0));
    live.clock.at(777.7, TURN, () => {
      const openedMs = live.clock.nowMs();
      const onPiece = (value: string): void => void tape.push({ offsetMs: wholeMicroseconds(live.clock.nowMs() - openedMs), value });
      const script = (queue: ArrivalQueue<string>): Step[] => {
        const arrive = (piece: string, busyMs: number) => (): void => {
          live.wall.pass(busyMs);
          queue.push(piece);
        };
        return [...sent.map(({ afterMs, piece, busyMs }): Step => [afterMs, arrive(piece, busyMs)]), [30, arrive('the end', 0)]];
      };
      live.ask('reply', script, never, onPiece);
    });
    const heard = await live.runUntil(4000);
    expect(tape.map(({ value }) => value)).toEqual([...sent.map(({ piece }) => piece), 'the end']);

    const replay = start();
    replay.everyTick(() => 0);
    replay.clock.at(777.7, TURN, () => replay.listen('reply', () => recording(tape), { charge: 'none', signal: never }));
    expect(await replay.runUntil(4000)).toEqual(heard);
    expect(replay.wall.nowMs()).toBe(0);
  });
});

/** What the world does: after so many milliseconds, this. */
type Step = readonly [afterMs: number, happens: () => void];

function start() {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall });
  const log: string[] = [];
  const closed: string[] = [];
  const note = (what: string): void => void log.push(`${what} at ${clock.nowMs()}`);
  const source = (name: string, script: (queue: ArrivalQueue<string>) => readonly Step[]) => (): ArrivalQueue<string> => {
    const queue = new ArrivalQueue<string>(wall, () => void closed.push(`${name} at ${clock.nowMs()}`));
    void (async () => {
      for (const [afterMs, happens] of script(queue)) {
        if (afterMs > 0) await wall.sleep(afterMs);
        happens();
      }
    })();
    return queue;
  };
  /** A listener who stops at `the end`, as whoever wants the end itself to be replayed has to. */
  const listen = (
    name: string,
    open: () => AsyncIterable<Arrival<string>>,
    options: { charge: 'wall' | 'none'; signal: AbortSignal },
    onPiece?: (piece: string) => void,
  ): void =>
    clock.task(async () => {
      try {
        for await (const piece of deliver(clock, open, options)) {
          note(`${name}: ${piece}`);
          onPiece?.(piece);
          if (piece === 'the end') return;
        }
        note(`${name} is over`);
      } catch (error) {
        note(`${name}: ${String(error)}`);
      }
    });
  return {
    wall,
    clock,
    closed,
    note,
    source,
    listen,
    ask: (name: string, script: (queue: ArrivalQueue<string>) => readonly Step[], signal = never, onPiece?: (piece: string) => void): void =>
      listen(name, source(name, script), { charge: 'wall', signal }, onPiece),
    /** Frames go round for ever, each of them may keep the machine busy. */
    everyTick: (busyMs: () => number): void =>
      void clock.every(20, { phase: 'playout', order: 0 }, (n) => {
        note(`frame ${n}`);
        wall.pass(busyMs());
      }),
    runUntil: async (atMs: number): Promise<string[]> => {
      clock.at(atMs, { phase: 'publish', order: 99 }, () => clock.stop());
      await wall.until(clock.run());
      return log;
    },
  };
}

async function* recording(pieces: readonly Arrival<string>[]): AsyncGenerator<Arrival<string>> {
  yield* pieces;
}
