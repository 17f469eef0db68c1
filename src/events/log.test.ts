import { describe, expect, test } from 'vitest';
import type { BottalkEvent, NewEvent } from './event.ts';
import { RunLog, type Sink } from './log.ts';

const warning = (message: string): NewEvent => ({ type: 'warning.raised', message });

describe('the log', () => {
  test('stamps each event with its number and the time of its append', () => {
    const { log, clock, seen } = start();
    log.append(warning('first'));
    clock.nowMs = 12.345;
    log.append(warning('second'));
    expect(seen).toEqual([
      { seq: 0, atMs: 0, type: 'warning.raised', message: 'first' },
      { seq: 1, atMs: 12.345, type: 'warning.raised', message: 'second' },
    ]);
    expect(Object.keys(seen[0] as BottalkEvent)).toEqual(['seq', 'atMs', 'type', 'message']);
  });

  test('believes when something happened elsewhere, unless it has written down something later already', () => {
    const { log, clock, seen } = start();
    clock.nowMs = 20;
    log.append(warning('told at once'), 19.5);
    log.append(warning('overtaken'), 18);
    log.append(warning('here'));
    expect(seen.map(({ atMs }) => atMs)).toEqual([19.5, 19.5, 20]);
  });

  test('alone stamps: an event of another log loses the stamp it had', () => {
    const { log, seen } = start();
    const foreign: BottalkEvent = { seq: 41, atMs: 9000, type: 'warning.raised', message: 'copied' };
    log.append(foreign);
    expect(seen).toEqual([{ seq: 0, atMs: 0, type: 'warning.raised', message: 'copied' }]);
    expect(foreign.seq).toBe(41);
  });

  test('shows every event to every sink in one order, also when a sink causes more of them', () => {
    const early: string[] = [];
    const late: string[] = [];
    const log: RunLog = new RunLog({
      nowMs: () => 0,
      sinks: [
        recorder(early),
        { event: (event) => void (event.seq === 0 && ['caused a', 'caused b'].forEach((message) => log.append(warning(message)))) },
        { event: (event) => void (event.seq === 1 && log.append(warning('caused by what was caused'))) },
        recorder(late),
      ],
    });
    log.append(warning('first'));
    log.append(warning('last'));
    expect(late).toEqual(['0 first', '1 caused a', '2 caused b', '3 caused by what was caused', '4 last']);
    expect(early).toEqual(late);
  });

  test('has no order but that of its sinks', () => {
    const order: string[] = [];
    const log = new RunLog({ nowMs: () => 0, sinks: ['a', 'b', 'c'].map((name) => ({ event: (event) => void order.push(`${name}${event.seq}`) })) });
    log.append(warning('x'));
    log.append(warning('y'));
    expect(order).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'c1']);
  });
});

describe('a sink that breaks', () => {
  test('is shown nothing more and is reported; the others and the run go on', () => {
    const error = new Error('disk full');
    const seen: string[] = [];
    let shown = 0;
    const broken: Sink = {
      event() {
        shown += 1;
        if (shown === 2) throw error;
      },
    };
    const log = new RunLog({ nowMs: () => 0, sinks: [broken, recorder(seen)] });
    for (const message of ['a', 'b', 'c']) log.append(warning(message));
    expect(seen).toEqual(['0 a', '1 b', '2 c']);
    expect(shown).toBe(2);
    expect(log.sinkErrors).toEqual([error]);
  });

  test('is reported even when it throws nothing at all', () => {
    const throwsNothing = (): never => {
      throw undefined;
    };
    const log = new RunLog({ nowMs: () => 0, sinks: [{ event: throwsNothing }, { event: throwsNothing }] });
    log.append(warning('a'));
    expect(log.sinkErrors).toHaveLength(2);
  });

  test('still has caused what it caused before it broke', () => {
    const seen: string[] = [];
    const log: RunLog = new RunLog({
      nowMs: () => 0,
      sinks: [
        {
          event() {
            log.append(warning('caused'));
            throw new Error('broken');
          },
        },
        recorder(seen),
      ],
    });
    log.append(warning('first'));
    expect(seen).toEqual(['0 first', '1 caused']);
  });

  test('and is essential throws at whoever appended, and all are shown what comes after that all the same', () => {
    const seen: string[] = [];
    const essential: Sink = {
      event({ seq }) {
        if (seq === 0) throw new Error('a condition has a bug');
      },
    };
    const log = new RunLog({ nowMs: () => 0, sinks: [recorder(seen)], essential });
    expect(() => log.append(warning('first'))).toThrow('a condition has a bug');
    log.append(warning('the end'));
    expect(seen).toEqual(['0 first', '1 the end']);
    expect(log.sinkErrors).toEqual([]);
  });
});

function start() {
  const clock = { nowMs: 0 };
  const seen: BottalkEvent[] = [];
  return { clock, seen, log: new RunLog({ nowMs: () => clock.nowMs, sinks: [{ event: (event) => void seen.push(event) }] }) };
}

function recorder(seen: string[]): Sink {
  return { event: (event) => void seen.push(`${event.seq} ${event.type === 'warning.raised' ? event.message : event.type}`) };
}
