import { describe, expect, test } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { sampleCall } from '../testing/sample-call.ts';
import type { BottalkEvent } from './event.ts';
import { parseEventLog, toJsonLine } from './jsonl.ts';

const events = sampleCall();
const text = events.map(toJsonLine).join('');

describe('a saved log', () => {
  test('is read back event for event, and written again byte for byte', () => {
    const readBack = parseEventLog(text, 'events.jsonl');
    expect(readBack).toEqual(events);
    expect(readBack.map(toJsonLine).join('')).toBe(text);
  });

  test('keeps every character of a text on one line', () => {
    const odd = 'a "quote"\nand \u2028 a tab\t, \u0000, an emoji 🚲 and half of one \ud83d';
    const log = new LogBuilder().at(1, { type: 'warning.raised', message: odd }).build();
    const lines = log.map(toJsonLine).join('');
    expect(lines.split('\n')).toHaveLength(log.length + 1);
    expect(parseEventLog(lines, 'events.jsonl').at(-1)).toMatchObject({ message: odd });
  });

  test('may end in a line that was cut off anywhere', () => {
    const last = toJsonLine(events.at(-1) as BottalkEvent);
    for (let cut = 0; cut < last.length - 1; cut++) {
      expect(parseEventLog(text.slice(0, text.length - last.length + cut), 'events.jsonl')).toHaveLength(events.length - 1);
    }
    expect(parseEventLog(text.slice(0, -1), 'events.jsonl')).toEqual(events);
  });

  test('may have been through an editor of another system', () => {
    expect(parseEventLog(text.replaceAll('\n', '\r\n'), 'events.jsonl')).toEqual(events);
  });
});

describe('what is no log is refused at its place', () => {
  const [first, second, third] = text.split('\n') as [string, string, string];
  const lines = (...given: string[]): string => given.map((line) => `${line}\n`).join('');
  const another = 'is this an events.jsonl written by bottalk?';

  test.each([
    ['an empty file', '', `1:1: not an event (${another})`],
    ['another text', 'hello\n', `1:1: not an event (${another})`],
    ['a first line that was cut off', first.slice(0, 40), `1:1: not an event (${another})`],
    ['a broken line in the middle', lines(first, second.slice(0, 20), third), `2:1: not an event (${another})`],
    ['a broken line at the end that was not cut off', lines(first, second.slice(0, 20)), `2:1: not an event (${another})`],
    ['an empty line', lines(first, '', second), `2:1: not an event (${another})`],
    ['JSON that is no event', lines(first, '[1]'), `2:1: not an event (${another})`],
    ['an event without a time', lines(first, '{"seq":1,"type":"run.ended"}'), `2:1: not an event (${another})`],
    ['another beginning', lines('{"seq":0,"atMs":0,"type":"run.ended"}'), `1:1: no run.started event at the beginning (${another})`],
    ['a missing line', lines(first, third), '2:1: event 2 where event 1 belongs (lines are missing or out of order)'],
    ['a line that comes twice', lines(first, first), '2:1: event 0 where event 1 belongs (lines are missing or out of order)'],
    ['a log without its first lines', lines(first.replace('"seq":0', '"seq":5')), '1:1: event 5 where event 0 belongs (lines are missing or out of order)'],
    ['time that goes back', lines(first.replace('"atMs":0', '"atMs":20'), second), `2:1: event 1 lies before the one above it in time (${another})`],
    [
      'another schema, whatever follows',
      lines(first.replace('"schema":1', '"schema":2'), 'a line of the future'),
      '1:1: written in event schema 2, but this bottalk reads 1 (use the version of bottalk that wrote it)',
    ],
  ])('%s', (_, given, expected) => {
    const read = (): unknown => parseEventLog(given, 'runs/a/events.jsonl');
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`runs/a/events.jsonl:${expected}`);
  });
});
