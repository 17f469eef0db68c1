import { describe, expect, it } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { SAMPLE_CASSETTE, SAMPLE_SOUND } from '../../testing/sample-cassette.ts';
import type { Cassette } from './cassette.ts';
import { cassetteText } from './cassette-text.ts';
import { readCassette } from './read-cassette.ts';

const TEXT = cassetteText(SAMPLE_CASSETTE);
const LINES = TEXT.split('\n').slice(0, -1);

function mistakesIn(text: string): readonly string[] {
  try {
    readCassette(text, 'a.jsonl');
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.mistakes.map(({ message, place }) => `${place ? `${place.line}: ` : ''}${message}`);
  }
}

const withLine = (number: number, change: (line: string) => string): string => `${LINES.map((line, i) => (i === number - 1 ? change(line) : line)).join('\n')}\n`;

describe('a cassette as text', () => {
  it('is read back as it was, and written again to the byte', () => {
    const read = readCassette(TEXT, 'a.jsonl');
    expect(read).toEqual(SAMPLE_CASSETTE);
    expect(cassetteText(read)).toBe(TEXT);
  });

  it('is one line of facts, one for each call, and one for each sound', () => {
    expect(LINES.map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual(['bottalkCassette', 'kind', 'kind', 'kind', 'sound']);
    expect(TEXT).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('says of a conversation only what is new', () => {
    const second = JSON.parse(LINES[3] ?? '') as { request: { same: number; messages: unknown[]; tools: unknown } };
    expect(second.request).toMatchObject({ same: 1, tools: 'same' });
    expect(second.request.messages).toHaveLength(2);
  });

  it('keeps equal speech once', () => {
    const [, speech] = SAMPLE_CASSETTE.calls;
    const twice: Cassette = { ...SAMPLE_CASSETTE, calls: [...SAMPLE_CASSETTE.calls, ...(speech ? [{ ...speech, atMs: 9000 }] : [])] };
    const text = cassetteText(twice);
    expect(text.split('\n').filter((line) => line.startsWith('{"sound"'))).toHaveLength(1);
    expect(readCassette(text, 'a.jsonl')).toEqual(twice);
    expect(text).toContain('"ordinal":2');
  });

  it('holds speech that was given up before any of it came', () => {
    const [chat] = SAMPLE_CASSETTE.calls;
    const empty: Cassette = { ...SAMPLE_CASSETTE, calls: chat ? [{ ...chat, pieces: [], givenUpMs: 3 }] : [] };
    expect(readCassette(cassetteText(empty), 'a.jsonl')).toEqual(empty);
    expect(SAMPLE_SOUND.length).toBeGreaterThan(0);
  });
});

describe('a cassette that was damaged', () => {
  it('is found to be cut off, wherever that is', () => {
    expect(mistakesIn(`${LINES.slice(0, 4).join('\n')}\n`)).toEqual(['5: the cassette is cut off: 1 of 5 lines are missing']);
    expect(mistakesIn(TEXT.slice(0, -1))).toEqual(['5: the cassette is cut off: 1 of 5 lines are missing']);
    expect(mistakesIn(LINES[0] ?? '')).toEqual(['1: the cassette is cut off: 5 of 5 lines are missing']);
  });

  it('is found to be longer', () => {
    expect(mistakesIn(`${TEXT}{}\n`)).toEqual(['6: the cassette is longer than it says']);
  });

  it.each([
    ['a call that is no JSON', 3, (line: string) => line.slice(0, 40), '3: this line cannot be read'],
    ['a request that was edited', 4, (line: string) => line.replace('how much', 'how little'), '4: the request is not the one that its fingerprint names'],
    ['a call that is not the next of its kind', 2, (line: string) => line.replace('"ordinal":1', '"ordinal":2'), '2: a call before this one is missing'],
    ['pieces that do not fit the sound', 3, (line: string) => line.replace('"samples":1600', '"samples":1599'), '3: its pieces are not as long as its sound'],
    ['a sound that nobody has', 3, (line: string) => line.replace(/"sound":"[0-9a-f]{4}/, '"sound":"0000'), '3: its sound is missing'],
    ['sound that is no archive', 5, (line: string) => line.replace(/"data":".{20}/, '"data":"'), '5: this sound cannot be unpacked'],
    ['sound of another way of packing', 5, (line: string) => line.replace('slope-brotli', 'flac'), '5: this sound is packed as flac, which this bottalk cannot read'],
    ['another kind of call', 2, (line: string) => line.replace('"llm"', '"vision"'), '2: this is no call'],
    ['a first line without counts', 1, (line: string) => line.replace('"calls":3,', ''), '1: the first line is incomplete'],
    ['a first line that is torn', 1, (line: string) => line.slice(0, 30), '1: the first line cannot be read'],
  ])('is refused for %s', (_, number, change, message) => {
    expect(mistakesIn(withLine(number, change))).toEqual([message]);
  });

  it('is refused for a sound that is another than its name says', () => {
    const name = /"sound":"([0-9a-f]+)","codec"/.exec(TEXT)?.[1] ?? '';
    expect(mistakesIn(TEXT.replaceAll(name, name.replace(/^..../, '0000')))).toEqual(['5: this sound is not the one that was recorded']);
  });

  it('is refused for what is of another time or no cassette at all', () => {
    expect(mistakesIn(TEXT.replace('"bottalkCassette":1', '"bottalkCassette":2'))).toEqual(['a.jsonl has cassette format 2; this bottalk reads up to 1']);
    expect(mistakesIn(TEXT.replace('"bottalkCassette":1', '"bottalkCassette":0'))).toEqual(['a.jsonl has cassette format 0, which this bottalk no longer reads']);
    for (const text of ['', 'hello\n', '[]\n', '{"type":"run.started"}\n']) expect(mistakesIn(text)).toEqual(['a.jsonl is no cassette']);
  });
});
