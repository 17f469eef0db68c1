import { expect, test } from 'vitest';
import type { NewEvent } from '../events/event.ts';
import { ManualWallClock } from '../testing/manual-wall-clock.ts';
import { EventTeller } from './event-teller.ts';
import { bytesOf, MOST_MESSAGE_BYTES, orderMessage, readOrder, type ToldNews } from './told-events.ts';
import { ToldReader, type ToldWhen } from './told-reader.ts';

const warning = (message: string): NewEvent => ({ type: 'warning.raised', message, agent: 'Ada' });

test('all that is told arrives in order, and nothing is larger than Daily takes', () => {
  const { teller, sent, heard, deliver } = line();
  const long = `"quoted" \\ ünd 🚀\n`.repeat(900);
  for (let i = 0; i < 100; i++) teller.append(warning(`a warning of no great length, number ${i}`));
  teller.append(warning(long));
  teller.append(warning('the last one'));
  teller.tell({ is: 'closed' });
  sent.forEach(deliver);
  expect(sent.length).toBeGreaterThan(5);
  expect(Math.max(...sent.map(bytesOf))).toBeLessThanOrEqual(MOST_MESSAGE_BYTES);
  expect(texts(heard)).toEqual([...Array.from({ length: 100 }, (_, i) => `a warning of no great length, number ${i}`), long, 'the last one']);
  expect(heard.at(-1)).toMatchObject({ is: 'closed' });
});

test('what is told before the agent is in the room waits, and what follows goes out in batches', () => {
  const wall = new ManualWallClock();
  const sent: unknown[] = [];
  const teller = new EventTeller({ by: { agent: 'Ada', order: 0 }, wall, callMs: () => 0 });
  teller.append(warning('early'));
  teller.open((data) => sent.push(data));
  expect(sent).toHaveLength(1);
  teller.append(warning('one'));
  teller.append(warning('two'));
  expect(sent).toHaveLength(1);
  wall.advance(100);
  expect(sent).toHaveLength(2);
});

test('messages that come twice or in another order are put right', () => {
  const { teller, sent, heard, lost, deliver } = line();
  for (const text of ['a', 'b', 'c']) tellOne(teller, text);
  for (const i of [1, 1, 0, 2, 0]) deliver(sent[i]);
  expect(texts(heard)).toEqual(['a', 'b', 'c']);
  expect(lost).toEqual([]);
});

test('a message that is lost is counted, with what began in it, and the rest is heard', () => {
  const { teller, sent, heard, lost, reader, deliver } = line();
  tellOne(teller, 'a');
  tellOne(teller, 'in parts '.repeat(900));
  tellOne(teller, 'z');
  sent.filter((_, i) => i !== 1).forEach(deliver);
  expect(texts(heard)).toEqual(['a']);
  reader.giveUpMissing();
  expect(texts(heard)).toEqual(['a', 'z']);
  expect(lost).toEqual([1]);
});

test('what is missing is asked for, told once more and put in its place', () => {
  const { teller, sent, heard, lost, missing, deliver } = line();
  for (const text of ['a', 'b', 'c', 'd']) tellOne(teller, text);
  sent.filter((_, i) => i !== 1).forEach(deliver);
  expect(missing).toEqual([[1]]);
  teller.repeat(missing[0] ?? []);
  deliver(sent.at(-1));
  expect(texts(heard)).toEqual(['a', 'b', 'c', 'd']);
  expect(lost).toEqual([]);
});

test('what never comes is not waited for without end', () => {
  const { teller, sent, heard, lost, deliver } = line();
  for (let i = 0; i < 110; i++) tellOne(teller, `${i}`);
  sent.slice(1).forEach(deliver);
  expect(texts(heard)).toHaveLength(109);
  expect(lost).toEqual([1]);
});

test('how long ago something happened is told by the quickest message, whatever the two clocks say', () => {
  const wall = new ManualWallClock();
  const heard: ToldWhen[] = [];
  let delayMs = 40;
  const reader = new ToldReader({
    agent: 'Ada',
    nowMs: () => 1_000_000 + wall.nowMs() + delayMs,
    onNews: (_, when) => heard.push(when),
    onMissing: () => undefined,
    onLost: () => undefined,
  });
  const teller = new EventTeller({ by: { agent: 'Ada', order: 0 }, wall, callMs: () => 500 + wall.nowMs() });
  teller.open((data) => reader.take(data, 'Ada'));
  tellOne(teller, 'quick');
  delayMs = 90;
  tellOne(teller, 'slow');
  wall.advance(1_000);
  teller.append(warning('earlier'), 1_300);
  teller.flush();
  expect(heard).toEqual([
    { agoMs: 0, callMs: 500 },
    { agoMs: 50, callMs: 500 },
    { agoMs: 250, callMs: 1_300 },
  ]);
});

test('nobody tells for another, and only who has the token gives orders', () => {
  const { teller, sent, heard, reader } = line();
  tellOne(teller, 'a');
  expect(reader.take(sent[0], 'Mallory')).toBe(false);
  expect(heard).toEqual([]);
  const ada = { agent: 'Ada', token: 'planted-token' };
  const order = orderMessage({ do: 'end', endedBy: 'goodbye' }, ada);
  expect(JSON.stringify(order)).not.toContain('planted-token');
  expect(readOrder(order, ada)).toEqual({ do: 'end', endedBy: 'goodbye' });
  expect(readOrder(order, { ...ada, token: 'another-token' })).toBeUndefined();
  expect(readOrder({ ...order, order: { do: 'stop', reason: 'forged' } }, ada)).toBeUndefined();
  expect(readOrder({ ...order, agent: 'Bob' }, { ...ada, agent: 'Bob' })).toBeUndefined();
});

test('what makes no sense is no news, whoever sends it', () => {
  const { teller, sent, heard, lost, missing, reader, deliver } = line();
  tellOne(teller, 'a');
  const [message] = sent as [Readonly<Record<string, unknown>>];
  for (const news of [[null], ['hello'], [{ is: 'hello', atMs: 0 }], [{ is: 'event', atMs: 0 }], [{ is: 'closed' }]]) {
    expect(reader.take({ ...message, news }, 'Ada')).toBe(false);
  }
  const { news: _, ...stamped } = message;
  deliver({ ...stamped, part: '{ no JSON', isLastPart: true });
  deliver({ ...message, number: Number.MAX_SAFE_INTEGER });
  expect(heard).toEqual([]);
  expect(lost).toEqual([1]);
  expect(missing.map((numbers) => numbers.length)).toEqual([200]);
});

function line(): {
  readonly teller: EventTeller;
  readonly reader: ToldReader;
  readonly sent: unknown[];
  readonly heard: ToldNews[];
  readonly lost: number[];
  readonly missing: (readonly number[])[];
  readonly deliver: (data: unknown) => void;
} {
  const wall = new ManualWallClock();
  const sent: unknown[] = [];
  const heard: ToldNews[] = [];
  const lost: number[] = [];
  const missing: (readonly number[])[] = [];
  const teller = new EventTeller({ by: { agent: 'Ada', order: 0 }, wall, callMs: () => 0 });
  teller.open((data) => sent.push(data));
  const reader = new ToldReader({
    agent: 'Ada',
    nowMs: () => wall.nowMs(),
    onNews: (news) => heard.push(news),
    onMissing: (numbers) => missing.push(numbers),
    onLost: (count) => lost.push(count),
  });
  return { teller, reader, sent, heard, lost, missing, deliver: (data) => void reader.take(structuredClone(data), 'Ada') };
}

function tellOne(teller: EventTeller, text: string): void {
  teller.append(warning(text));
  teller.flush();
}

function texts(heard: readonly ToldNews[]): string[] {
  return heard.flatMap((news) => (news.is === 'event' && news.event.type === 'warning.raised' ? [news.event.message] : []));
}
