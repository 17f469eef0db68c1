import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { systemWallClock } from '../clock/wall-clock.ts';
import type { BottalkEvent, NewEvent } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { LocalRoom } from '../room/local-room.ts';
import { Recorder } from '../room/recorder.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { RoomGuest } from '../testing/room-guest.ts';
import { MetricsBroadcast } from './metrics-broadcast.ts';

type Message = { readonly id: string; readonly agent: string; readonly seq: number; readonly type: string; readonly value?: number } & Flags;
type Flags = { readonly replay?: boolean; readonly data?: unknown };
type Told = { readonly atMs: number; readonly from: string; readonly message: Message };

/** Sarah and Mike in an embedded room; each measures what a test says it does. */
async function stage({ seed = 1 } = {}) {
  const clock = new VirtualClock({ wall: systemWallClock });
  const random = seededRandom(seed);
  const startEpochMs = (): number => Date.parse('2026-01-05T09:00:00Z');
  const broadcast = new MetricsBroadcast({ clock, ids: random.fork('metrics'), startEpochMs, knownAgents: ['Sarah', 'Mike'] });
  const events: BottalkEvent[] = [];
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }, broadcast] });
  log.append(new LogBuilder().build()[0] as NewEvent);
  const transcription = { wordErrorRate: 0, interimIntervalMs: 300, finalLatencyMs: () => 250 };
  const room = new LocalRoom({ clock, log, recorder: new Recorder(), random, transcription: () => transcription, announcedLatencyMs: 350 });
  const sarah = new RoomGuest({ clock, name: 'Sarah', order: 0 });
  const mike = new RoomGuest({ clock, name: 'Mike', order: 1 });
  for (const agent of [sarah, mike]) await agent.join(broadcast.over(room));
  const at = (ms: number, action: () => unknown): void => void clock.at(ms, { phase: 'turn', order: 9 }, () => clock.task(async () => void (await action())));
  return {
    broadcast,
    events,
    room,
    sarah,
    mike,
    at,
    guest: (name: string) => new RoomGuest({ clock, name, order: 2 }),
    /** This agent's model gives its first token after so long. */
    measures: (ms: number, agent: 'Sarah' | 'Mike', ttftMs: number) =>
      at(ms, () => log.append({ type: 'llm.first_token', agent, replyId: 'r', requestId: 'q', ttftMs })),
    runUntil: async (ms: number): Promise<void> => {
      clock.at(ms, { phase: 'publish', order: 99 }, () => clock.stop());
      await clock.run();
    },
  };
}

function toldTo(guest: RoomGuest): Told[] {
  return guest.notes.flatMap((note) => {
    const [, atMs = '', from = '', json = ''] = /^(\S+) (.*?) sent (.*)$/.exec(note) ?? [];
    return json === '' ? [] : [{ atMs: Number(atMs), from, message: JSON.parse(json) as Message }];
  });
}

/** Who told what when, and whether again. */
function linesOf(guest: RoomGuest): string[] {
  return toldTo(guest).map(({ atMs, from, message: { seq, type, value, replay } }) => `${atMs} ${from} ${seq} ${type} ${value}${replay ? ' again' : ''}`);
}

test('everybody in the room is told what an agent measures, from its seat and without a word in the log', async () => {
  const { room, events, mike, guest, measures, at, runUntil } = await stage();
  const eve = guest('Eve');
  at(100, () => eve.join(room));
  measures(1000, 'Sarah', 400);
  measures(2000, 'Mike', 500);
  await runUntil(3000);
  expect(linesOf(eve)).toEqual(['1000 Sarah 0 ttfb 0.4', '2000 Mike 0 ttfb 0.5']);
  expect(linesOf(mike), 'the peer, too, who pays no attention').toEqual(['1000 Sarah 0 ttfb 0.4']);
  expect(toldTo(eve)[0]?.message).toEqual({
    label: 'metrics',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    agent: 'Sarah',
    type: 'ttfb',
    ts: 1767603601,
    seq: 0,
    processor: 'ScriptLLMService#0',
    value: 0.4,
  });
  expect(events.filter(({ type }) => type === 'app_message.sent')).toEqual([]);
});

test('a newcomer alone gets what was told before, from each agent its own, in order and not all at once, then all that follows', async () => {
  const { room, sarah, mike, guest, measures, at, runUntil } = await stage();
  const first = guest('Ada');
  const late = guest('Eve');
  at(100, () => first.join(room));
  measures(1000, 'Sarah', 100);
  measures(1100, 'Sarah', 200);
  measures(1200, 'Mike', 300);
  measures(1300, 'Sarah', 400);
  at(2000, () => late.join(room));
  measures(2070, 'Sarah', 500);
  measures(3000, 'Mike', 600);
  await runUntil(4000);
  expect(linesOf(late)).toEqual([
    '2050 Sarah 0 ttfb 0.1 again',
    '2050 Mike 0 ttfb 0.3 again',
    '2070 Sarah 3 ttfb 0.5',
    '2100 Sarah 1 ttfb 0.2 again',
    '2150 Sarah 2 ttfb 0.4 again',
    '3000 Mike 1 ttfb 0.6',
  ]);
  for (const other of [first, sarah, mike]) expect(linesOf(other).join(), 'nobody else is told again').not.toContain('again');
  const original = toldTo(first).map(({ message }) => message);
  for (const { message } of toldTo(late).filter(({ message: { replay } }) => replay)) {
    const { id, replay, ...rest } = message;
    expect(replay).toBe(true);
    const same = original.find((one) => one.agent === rest.agent && one.seq === rest.seq);
    expect(rest).toEqual({ ...same, id: undefined });
    expect(id).not.toBe(same?.id);
  }
  const ids = toldTo(late).map(({ message: { id } }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an agent that comes late gets no history, and neither does somebody who bears its name', async () => {
  const { room, broadcast, sarah, guest, measures, at, runUntil } = await stage();
  const again = guest('Sarah');
  const named = guest('Mike (from the shop)');
  measures(1000, 'Mike', 100);
  at(1500, () => sarah.leave('line dropped'));
  at(2000, () => again.join(broadcast.over(room)));
  at(2500, () => named.join(room));
  await runUntil(4000);
  expect(linesOf(again)).toEqual([]);
  expect(linesOf(named)).toEqual([]);
});

test('a long history comes slowly, and ends when the newcomer has had enough', async () => {
  const { room, guest, measures, at, runUntil } = await stage();
  const [patient, hasty] = [guest('Eve'), guest('Max')];
  for (const n of Array(200).keys()) measures(n + 1, 'Sarah', n);
  at(1000, () => patient.join(room));
  at(1000, () => hasty.join(room));
  at(2010, () => hasty.leave('enough'));
  await runUntil(13_000);
  expect(linesOf(hasty)).toHaveLength(20);
  const seqs = toldTo(patient).map(({ message: { seq } }) => seq);
  expect(seqs).toEqual([...Array(200).keys()]);
  expect(toldTo(patient).at(-1)?.atMs).toBe(1000 + 200 * 50);
});

test('the summary is the last that an agent tells, and it arrives although the agent leaves at once and the call is over', async () => {
  const { room, broadcast, sarah, guest, measures, at, runUntil } = await stage();
  const eve = guest('Eve');
  at(100, () => eve.join(room));
  measures(1000, 'Sarah', 100);
  measures(1100, 'Sarah', 300);
  at(2000, () => {
    broadcast.leaving('Sarah');
    sarah.leave('call over');
    broadcast.leaving('Mike');
  });
  measures(2500, 'Sarah', 500);
  await runUntil(2000);
  const last = toldTo(eve).at(-1);
  expect(last).toMatchObject({ from: 'Sarah', message: { type: 'summary', seq: 2, ts: 1767603602 } });
  expect(last?.message.data).toEqual({ ttfb: { 'ScriptLLMService#0': { avg: 0.2, p50: 0.2, p95: 0.3, min: 0.1, max: 0.3, n: 2 } } });
  expect(linesOf(eve), 'Mike has measured nothing').toHaveLength(3);
});

test('the same seed tells the same, byte for byte, and another seed has other ids', async () => {
  const run = async (seed: number): Promise<string> => {
    const { room, guest, measures, at, runUntil } = await stage({ seed });
    const eve = guest('Eve');
    measures(1000, 'Sarah', 100);
    at(1500, () => eve.join(room));
    measures(2000, 'Mike', 300);
    await runUntil(3000);
    return eve.notes.join('\n');
  };
  expect(await run(1)).toBe(await run(1));
  const idsIn = (notes: string): string[] => notes.match(/"id":"[^"]+"/g) ?? [];
  expect(idsIn(await run(1))).toHaveLength(2);
  const others = idsIn(await run(2));
  expect(idsIn(await run(1)).filter((id) => others.includes(id))).toEqual([]);
});
