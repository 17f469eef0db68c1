import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemWallClock } from '../clock/wall-clock.ts';
import { changedFiles, type FileStamp, nextChange, stampOf } from './file-stamp.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-stamp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('tells what came, went and changed', async () => {
  const [same, grown, gone, come, touched] = ['same', 'grown', 'gone', 'come', 'touched'].map((name) => join(folder, name)) as [string, string, string, string, string];
  const all = [same, grown, gone, come, touched];
  for (const file of [same, grown, gone, touched]) writeFileSync(file, 'one');
  const before = await stampOf(all);
  writeFileSync(grown, 'one and two');
  rmSync(gone);
  writeFileSync(come, 'new');
  utimesSync(touched, 1, 1);
  expect(changedFiles(before, await stampOf(all))).toEqual([come, gone, grown, touched].sort());
  expect(changedFiles(before, before)).toEqual([]);
});

describe('nextChange', () => {
  /** A wall whose waits end at once. */
  const wall = { ...systemWallClock, sleep: () => Promise.resolve() };
  const stamp = (value: string): FileStamp => new Map([['a.yaml', value]]);
  const signal = new AbortController().signal;
  const looks = (...values: string[]) => () => Promise.resolve(stamp(values.length > 1 ? (values.shift() as string) : (values[0] as string)));

  it('waits until whoever saves has saved everything', async () => {
    expect(await nextChange(stamp('0'), { wall, look: looks('0', '0', '1', '2', '3', '3'), signal })).toEqual(stamp('3'));
  });

  it('sees what was changed before it began to look', async () => {
    expect(await nextChange(stamp('0'), { wall, look: looks('1'), signal })).toEqual(stamp('1'));
  });

  it('takes what came back as it was for no change', async () => {
    expect(await nextChange(stamp('0'), { wall, look: looks('0', '', '0', '0', '1', '1'), signal })).toEqual(stamp('1'));
  });

  it('ends when it is called off', async () => {
    const calledOff = new AbortController();
    const found = nextChange(stamp('0'), { wall: systemWallClock, look: looks('0'), signal: calledOff.signal });
    calledOff.abort();
    expect(await found).toBeUndefined();
  });
});
