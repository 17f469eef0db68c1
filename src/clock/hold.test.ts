/** How the virtual clock charges the world's time to call time. Every expected number is in whole microseconds. */
import { describe, expect, test } from 'vitest';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import type { HoldOptions, Place } from './clock.ts';
import { VirtualClock } from './virtual-clock.ts';

const TURN: Place = { phase: 'turn', order: 0 };
const PUBLISH: Place = { phase: 'publish', order: 0 };

describe('without holds', () => {
  test('call time jumps: an hour of it costs no wall time', async () => {
    const { clock, wall, runUntil } = start();
    let ticks = 0;
    clock.every(1000, TURN, () => void (ticks += 1));
    await runUntil(3_600_000);
    expect(ticks).toBe(3600);
    expect(wall.nowMs()).toBe(0);
  });
});

describe('a hold that is charged with wall time', () => {
  test('delivers after as much call time as the world took, in whole microseconds', async () => {
    const { clock, wall, runUntil, log, note } = start();
    clock.task(async () => {
      await clock.sleep(10_000);
      log.push(`asked at ${clock.nowMs()}, ${wall.nowMs()} on the wall`);
      await clock.hold(wall.sleep(536.1234567), { charge: 'wall' });
      note('answered');
      await clock.sleep(1000);
      note('spoken');
    });
    expect(await runUntil(20_000)).toEqual(['asked at 10000, 0 on the wall', 'answered at 10536.123', 'spoken at 11536.123']);
    expect(wall.nowMs()).toBe(536.1234567);
  });

  test('lets call time run on no further than the wall, so ticks come in real time while it is open', async () => {
    const { clock, wall, runUntil } = start();
    const ticks: string[] = [];
    clock.every(20, TURN, () => void ticks.push(`${clock.nowMs()} at ${wall.nowMs()}`));
    clock.at(20, PUBLISH, () => clock.task(() => clock.hold(wall.sleep(50), { charge: 'wall' })));
    await runUntil(100);
    expect(ticks).toEqual(['20 at 0', '40 at 20', '60 at 40', '80 at 50', '100 at 50']);
  });

  test('does not keep a stalled provider from timing out in call time', async () => {
    const { clock, wall, runUntil, log, note } = start();
    const abort = new AbortController();
    clock.task(async () => {
      await clock.hold(new Promise(() => undefined), { charge: 'wall', signal: abort.signal }).catch(() => note('gave up'));
      await clock.sleep(60_000);
      note('went on');
    });
    clock.at(3000, TURN, () => abort.abort());
    await runUntil(70_000);
    expect(log).toEqual(['gave up at 3000', 'went on at 63000']);
    expect(wall.nowMs()).toBe(3000);
  });

  test('may be open for two agents at once; each is charged for its own', async () => {
    const { clock, wall, runUntil, note } = start();
    const stream = (name: string, arrivalsMs: readonly number[]) => async (): Promise<void> => {
      const since = clock.mark();
      for (const [i, arrivalMs] of arrivalsMs.entries()) {
        await clock.hold(wall.sleep(arrivalMs - (arrivalsMs[i - 1] ?? 0)), { charge: 'wall', since });
        note(`${name} ${i + 1}`);
      }
    };
    clock.task(stream('Sarah', [100, 130, 200]));
    clock.at(50, TURN, () => clock.task(stream('Mike', [70, 75, 90])));
    expect(await runUntil(1000)).toEqual([
      'Sarah 1 at 100',
      'Mike 1 at 120',
      'Mike 2 at 125',
      'Sarah 2 at 130',
      'Mike 3 at 140',
      'Sarah 3 at 200',
    ]);
  });

  test('waits for the one that has come least far, when holds were opened at different lags', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.task(async () => {
      await clock.hold(wall.sleep(300), { charge: 'wall' });
      note('Sarah');
    });
    // The process is busy for 100 ms here, so Mike's request goes out late on the wall but not in call time.
    clock.at(50, TURN, () => {
      wall.pass(100);
      clock.task(async () => {
        await clock.hold(wall.sleep(100), { charge: 'wall' });
        note('Mike');
      });
    });
    expect(await runUntil(1000)).toEqual(['Mike at 150', 'Sarah at 300']);
  });

  test('is ended by a barge-in, and time is free again', async () => {
    const { clock, wall, runUntil, log, note } = start();
    const reply = new AbortController();
    clock.task(async () => {
      const since = clock.mark();
      try {
        for (let chunk = 1; ; chunk++) {
          await clock.hold(wall.sleep(100), { charge: 'wall', since, signal: reply.signal });
          note(`chunk ${chunk}`);
        }
      } catch (error) {
        note(String(error));
      }
    });
    clock.at(250, { phase: 'vad', order: 0 }, () => reply.abort('barge-in'));
    await runUntil(100_000);
    expect(log).toEqual(['chunk 1 at 100', 'chunk 2 at 200', 'barge-in at 250']);
    expect(wall.nowMs()).toBe(250);
  });

  test('is not delivered when the abort comes between its arrival and its delivery', async () => {
    const { clock, runUntil, log, note } = start();
    const reply = new AbortController();
    clock.task(async () => {
      const modelled = clock.hold(Promise.resolve(), { charge: 'wall', offsetMs: () => 100, signal: reply.signal });
      await modelled.then(() => note('delivered'), () => note('aborted'));
    });
    clock.at(40, TURN, () => reply.abort());
    await runUntil(200);
    expect(log).toEqual(['aborted at 40']);
  });

  test('may wait for text that a later event sends', async () => {
    const { clock, wall, runUntil, note } = start();
    let speak = (): void => undefined;
    const sound = new Promise<void>((resolve) => (speak = () => void wall.after(80, resolve)));
    clock.task(async () => {
      await clock.hold(sound, { charge: 'wall' });
      note('sound');
    });
    const text = clock.gate();
    clock.task(async () => {
      await text.wait();
      note('text sent');
      speak();
    });
    clock.at(500, TURN, () => text.open());
    expect(await runUntil(1000)).toEqual(['text sent at 500', 'sound at 580']);
  });

  test('goes by the offset stamped where the bytes arrived, not by when the promise settled', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.task(async () => {
      // The bytes were there after 30 ms, but it took until 33 ms to parse them.
      await clock.hold(wall.sleep(33).then(() => ({ offsetMs: 30.0004 })), { charge: 'wall', offsetMs: ({ offsetMs }) => offsetMs });
      note('delivered');
    });
    clock.at(29, TURN, () => undefined);
    expect(await runUntil(100)).toEqual(['delivered at 30']);
  });

  test('delivers an offset that lies ahead when its time has come, without waiting for the wall', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.task(async () => {
      await clock.hold(Promise.resolve(), { charge: 'wall', offsetMs: () => 400 });
      note('delivered');
    });
    clock.at(399, TURN, () => note('before'));
    expect(await runUntil(1000)).toEqual(['before at 399', 'delivered at 400']);
    expect(wall.nowMs()).toBe(0);
  });

  test('is never delivered in the past: what comes late comes a microsecond after what has run without it', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.task(async () => {
      await clock.hold(wall.sleep(95), { charge: 'wall', offsetMs: () => 60 });
      note('delivered');
    });
    clock.every(20, TURN, (n) => note(`tick ${n}`));
    const seen = await runUntil(100);
    expect(seen).toEqual(['tick 1 at 20', 'tick 2 at 40', 'tick 3 at 60', 'tick 4 at 80', 'delivered at 80.001', 'tick 5 at 100']);
  });

  test('that was answered before anything else could run is delivered at the present instant', async () => {
    const { clock, runUntil, note } = start();
    clock.at(20, TURN, () => {
      clock.task(async () => {
        await clock.hold(Promise.resolve(), { charge: 'wall', offsetMs: () => 0 });
        note('delivered');
      });
    });
    clock.at(20, PUBLISH, () => note('publish'));
    expect(await runUntil(100)).toEqual(['delivered at 20', 'publish at 20']);
  });
});

describe('chunks of one stream', () => {
  test('are scheduled when the one before was delivered, so that nothing comes between two that are there already', async () => {
    const { clock, runUntil, note } = start();
    const other = clock.gate();
    clock.task(async () => {
      const since = clock.mark();
      // The second chunk arrived before the first was delivered, the third later on.
      for (const offsetMs of [50, 10, 70]) {
        await clock.hold(Promise.resolve(), { charge: 'wall', since, offsetMs: () => offsetMs });
        note(`chunk of ${offsetMs}`);
        other.open();
      }
    });
    clock.task(async () => {
      await clock.hold(Promise.resolve(), { charge: 'wall', offsetMs: () => 50 });
      note('other request');
    });
    clock.at(50, { phase: 'network', order: 0 }, () => note('network'));
    expect(await runUntil(100)).toEqual(['chunk of 50 at 50', 'chunk of 10 at 50', 'other request at 50', 'network at 50', 'chunk of 70 at 70']);
  });

  test('keep to the order in which they were asked for, when two are asked for at once', async () => {
    const { clock, wall, runUntil, note } = start();
    const since = clock.mark();
    for (const [name, settledMs] of [['first', 9], ['second', 5]] as const) {
      clock.task(async () => {
        await clock.hold(wall.sleep(settledMs), { charge: 'wall', since, offsetMs: () => 40 });
        note(name);
      });
    }
    expect(await runUntil(100)).toEqual(['first at 40', 'second at 40']);
  });
});

describe('deliveries at one instant', () => {
  const orders = [[1, 2, 3], [3, 2, 1], [2, 3, 1]] as const;

  test.each(orders)('go in the order in which their requests were opened, whatever the order in which they settle (%d, %d, %d)', async (...settleMs) => {
    for (const charge of ['wall', 'none', 'due'] as const) {
      const { clock, wall, runUntil, note } = start();
      for (const [i, name] of ['a', 'b', 'c'].entries()) {
        clock.task(async () => {
          const result = wall.sleep(settleMs[i] as number);
          const options: HoldOptions<void> = charge === 'due' ? { charge, dueMs: 40 } : { charge, offsetMs: () => 40 };
          await clock.hold(result, options);
          note(name);
        });
      }
      expect(await runUntil(100)).toEqual(['a at 40', 'b at 40', 'c at 40']);
    }
  });

  test('go by when the request was opened, not by when its answer was asked for', async () => {
    const { clock, runUntil, note } = start();
    const marks = [clock.mark(), clock.mark()];
    for (const i of [1, 0]) {
      clock.task(async () => {
        await clock.hold(Promise.resolve(), { charge: 'due', dueMs: 40, since: marks[i] as (typeof marks)[number] });
        note(`request ${i + 1}`);
      });
    }
    expect(await runUntil(100)).toEqual(['request 1 at 40', 'request 2 at 40']);
  });

  test('come before everything else of that instant', async () => {
    const { clock, runUntil, note } = start();
    clock.at(40, { phase: 'network', order: 0 }, () => note('network'));
    clock.task(async () => {
      await clock.hold(Promise.resolve(), { charge: 'due', dueMs: 40 });
      note('delivered');
    });
    expect(await runUntil(100)).toEqual(['delivered at 40', 'network at 40']);
  });
});

describe('a hold that is not charged', () => {
  test('stops time: whatever the wall does, nothing runs before the result is there', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.every(20, TURN, (n) => note(`tick ${n}`));
    clock.at(40, { phase: 'vad', order: 0 }, () => {
      clock.task(async () => {
        await clock.hold(wall.sleep(700), { charge: 'none' });
        note('inferred');
      });
    });
    expect(await runUntil(60)).toEqual(['tick 1 at 20', 'inferred at 40', 'tick 2 at 40', 'tick 3 at 60']);
    expect(wall.nowMs()).toBe(700);
  });

  test('delivers at its offset where it has one', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.task(async () => {
      await clock.hold(wall.sleep(700), { charge: 'none', offsetMs: () => 30 });
      note('delivered');
    });
    clock.at(20, TURN, () => note('tick'));
    expect(await runUntil(60)).toEqual(['tick at 20', 'delivered at 30']);
  });

  test('does not lengthen a wall hold beyond what its provider took', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.task(async () => {
      await clock.hold(wall.sleep(500), { charge: 'wall' });
      note('answered');
    });
    clock.every(20, { phase: 'vad', order: 0 }, () => {
      clock.task(() => clock.hold(wall.sleep(7), { charge: 'none' }));
    });
    expect(await runUntil(600)).toEqual(['answered at 500']);
  });
});

describe('a hold with a modelled latency', () => {
  test('costs nothing when the result is there in time', async () => {
    const { clock, wall, runUntil, note } = start();
    clock.task(async () => {
      await clock.hold(wall.sleep(15), { charge: 'due', dueMs: 300 });
      note('due');
    });
    // Meanwhile the process has other things to do, as it has when speech is synthesised in another thread.
    clock.every(20, TURN, () => wall.pass(1));
    expect(await runUntil(400)).toEqual(['due at 300']);
  });

  test('lets time run on to the instant when it is due, and stops it there when the result is late', async () => {
    const { clock, wall, runUntil, note, log } = start();
    clock.every(20, TURN, (n) => note(`tick ${n}`));
    clock.task(async () => {
      await clock.hold(wall.sleep(5000), { charge: 'due', dueMs: 50 });
      note('due');
    });
    wall.after(4999, () => log.push('the wall says 4999'));
    expect(await runUntil(60)).toEqual(['tick 1 at 20', 'tick 2 at 40', 'the wall says 4999', 'due at 50', 'tick 3 at 60']);
  });

  test('that is opened after its time delivers now', async () => {
    const { clock, runUntil, note } = start();
    clock.task(async () => {
      await clock.sleep(100);
      await clock.hold(Promise.resolve(), { charge: 'due', dueMs: 50 });
      note('due');
    });
    expect(await runUntil(200)).toEqual(['due at 100']);
  });

  test('rejects when it is due, not when the worker failed', async () => {
    const { clock, runUntil, note } = start();
    clock.task(async () => {
      await clock.hold(Promise.reject(new Error('worker died')), { charge: 'due', dueMs: 50 }).catch((error: unknown) => note(String(error)));
    });
    expect(await runUntil(200)).toEqual(['Error: worker died at 50']);
  });

  test.each([[5, 90], [90, 5], [3000, 2000], [2000, 3000]])('gives the same events whichever of two workers finishes first (%d and %d ms)', async (...workMs) => {
    const { clock, wall, runUntil, note } = start();
    for (const [i, name] of ['Sarah', 'Mike'].entries()) {
      clock.task(async () => {
        await clock.hold(wall.sleep(workMs[i] as number), { charge: 'due', dueMs: 100 - i * 20 });
        note(`${name} starts`);
        await clock.hold(wall.sleep(workMs[1 - i] as number), { charge: 'due', dueMs: 160 });
        note(`${name} goes on`);
      });
    }
    clock.every(50, TURN, (n) => note(`tick ${n}`));
    expect(await runUntil(200)).toEqual([
      'tick 1 at 50',
      'Mike starts at 80',
      'Sarah starts at 100',
      'tick 2 at 100',
      'tick 3 at 150',
      'Mike goes on at 160',
      'Sarah goes on at 160',
      'tick 4 at 200',
    ]);
  });

  test('may be ended while time stands still for it', async () => {
    const { clock, wall, runUntil, note } = start();
    const abort = new AbortController();
    clock.task(async () => {
      const late = clock.hold(new Promise(() => undefined), { charge: 'due', dueMs: 50, signal: abort.signal });
      await late.catch(() => note('given up'));
      await clock.sleep(10);
      note('went on');
    });
    clock.at(50, TURN, () => note('tick'));
    wall.after(100, () => abort.abort());
    expect(await runUntil(200)).toEqual(['given up at 50', 'tick at 50', 'went on at 60']);
  });
});

function start() {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall });
  const log: string[] = [];
  return {
    wall,
    clock,
    log,
    note: (label: string) => void log.push(`${label} at ${clock.nowMs()}`),
    runUntil: async (atMs: number) => {
      clock.at(atMs, { phase: 'publish', order: 99 }, () => clock.stop());
      await wall.until(clock.run());
      return log;
    },
  };
}
