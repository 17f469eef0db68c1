import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheInfo, clearCache } from './content-cache-folder.ts';
import { ContentCache, contentKey, type ContentCacheOptions } from './content-cache.ts';

let folder: string;
let nowEpochMs = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-cache-'));
  nowEpochMs = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: Partial<ContentCacheOptions> = {}): ContentCache =>
  new ContentCache({ folder, epochMs: () => nowEpochMs, ...options });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const entryPath = (): string => join(folder, readdirSync(folder).find((name) => name.endsWith('.entry')) ?? '');
const key = contentKey('speech', 'clara', 'Hello.');

describe('a content cache', () => {
  test('gives back what was written, also to another instance', () => {
    const cache = open();
    expect(cache.has(key)).toBe(false);
    expect(cache.read(key)).toBeUndefined();
    cache.write(key, bytes(1, 2, 3));
    expect(cache.has(key)).toBe(true);
    expect(open().read(key)).toEqual(Buffer.from([1, 2, 3]));
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('keeps an empty value', () => {
    open().write(key, bytes());
    expect(open().read(key)).toHaveLength(0);
  });

  test('keys tell apart what is split differently', () => {
    expect(contentKey('ab', 'c')).not.toBe(contentKey('a', 'bc'));
    expect(contentKey('a', 'b')).toMatch(/^[0-9a-f]{64}$/);
  });

  test('values can be read as wider numbers where they lie', () => {
    open().write(key, new Uint8Array(4000).fill(7));
    const value = open().read(key);
    expect(value && value.byteOffset % 8).toBe(0);
  });

  test.each([
    ['truncated', (path: string) => truncateSync(path, 41)],
    ['emptied', (path: string) => truncateSync(path, 0)],
    [
      'changed by one bit',
      (path: string) => {
        const entry = readFileSync(path);
        entry[entry.length - 1] = (entry.at(-1) as number) ^ 1;
        writeFileSync(path, entry);
      },
    ],
  ])('an entry that was %s is a miss, is removed, and can be written again', (_, damage) => {
    const cache = open();
    cache.write(key, bytes(1, 2, 3));
    damage(entryPath());
    expect(cache.read(key)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
    cache.write(key, bytes(1, 2, 3));
    expect(cache.read(key)).toEqual(Buffer.from([1, 2, 3]));
  });

  test('an entry under the name of another key is a miss', () => {
    const cache = open();
    cache.write(key, bytes(1, 2, 3));
    const other = contentKey('other');
    writeFileSync(join(folder, `${other}.entry`), readFileSync(entryPath()));
    expect(cache.read(other)).toBeUndefined();
  });

  test('drops what was used longest ago, and temporary files that were left behind', () => {
    const keys = ['a', 'b', 'c', 'd'].map((name) => contentKey(name));
    for (const [i, each] of keys.entries()) {
      open().write(each, new Uint8Array(1000).fill(i));
      utimesSync(join(folder, `${each}.entry`), i + 1, i + 1);
    }
    writeFileSync(join(folder, '17-3.part'), 'old');
    utimesSync(join(folder, '17-3.part'), 1, 1);
    writeFileSync(join(folder, '17-4.part'), 'new');
    const cache = open({ maxBytes: 3 * 1040 });
    expect(cache.read(keys[0] as string)).toHaveLength(1000);
    cache.evict();
    // 90 % of the bound hold two of the four: the one just read, and the newest of the others.
    expect(keys.map((each) => cache.has(each))).toEqual([true, false, false, true]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual(['17-4.part']);
  });

  test('looks after its bound when it is closed', () => {
    const cache = open({ maxBytes: 10_000 });
    open().write(contentKey('before'), new Uint8Array(10_000));
    cache.write(key, bytes(1));
    expect(cacheInfo(folder).count).toBe(2);
    cache.close();
    expect(cacheInfo(folder).bytes).toBeLessThan(10_000);
  });

  test('stays within its bound during a long run too', () => {
    const cache = open({ maxBytes: 16_000 });
    for (let i = 0; i < 100; i++) {
      nowEpochMs += 1000;
      cache.write(contentKey(String(i)), new Uint8Array(960));
    }
    expect(cacheInfo(folder).bytes).toBeLessThanOrEqual(16_000 * (1 + 1 / 8));
    expect(cache.has(contentKey('99'))).toBe(true);
  });

  test('a temporary name that somebody else uses is left to them', () => {
    writeFileSync(join(folder, `${process.pid}-0.part`), 'theirs');
    open().write(key, bytes(5));
    expect(open().read(key)).toEqual(Buffer.from([5]));
    expect(readFileSync(join(folder, `${process.pid}-0.part`), 'utf8')).toBe('theirs');
  });

  test('does without a folder that cannot be written, and says so once', () => {
    const warnings: string[] = [];
    const blocked = join(folder, 'file', 'cache');
    writeFileSync(join(folder, 'file'), '');
    const cache = open({ folder: blocked, onWarning: (text) => warnings.push(text) });
    cache.write(key, bytes(1));
    cache.write(key, bytes(1));
    expect(cache.read(key)).toBeUndefined();
    cache.close();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(blocked);
    expect(warnings[0]).not.toContain('\n');
  });

  test('processes that write and read the same keys at once see whole values only', async () => {
    const script = `
      const { ContentCache, contentKey } = await import(${JSON.stringify(new URL('./content-cache.ts', import.meta.url).href)});
      const cache = new ContentCache({ folder: process.argv[1], epochMs: () => 1e12, maxBytes: 100_000, onWarning: (text) => { throw new Error(text); } });
      let wrong = 0;
      for (let i = 0; i < 150; i++) {
        const fill = i % 5;
        const value = cache.read(contentKey(String(fill)));
        if (value && (value.length !== 10_000 || value.some((byte) => byte !== fill))) wrong += 1;
        cache.write(contentKey(String(fill)), new Uint8Array(10_000).fill(fill));
        if (i % 50 === 0) cache.evict();
      }
      console.log(wrong);`;
    const run = (): Promise<string> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder]);
        let output = '';
        child.stdout.on('data', (text: Buffer) => (output += text.toString()));
        child.stderr.on('data', (text: Buffer) => (output += text.toString()));
        child.on('close', () => resolve(output.trim()));
      });
    expect(await Promise.all([run(), run()])).toEqual(['0', '0']);
    expect(readdirSync(folder).every((name) => name.endsWith('.entry'))).toBe(true);
  });
});

describe('the folder of a content cache', () => {
  test('tells how many entries it holds, and none if it does not exist', () => {
    open().write(key, bytes(1, 2));
    expect(cacheInfo(folder)).toEqual({ folder, count: 1, bytes: 42 });
    expect(cacheInfo(join(folder, 'none'))).toEqual({ folder: join(folder, 'none'), count: 0, bytes: 0 });
  });

  test('is cleared of entries and of nothing else', () => {
    open().write(key, bytes(1, 2));
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    expect(clearCache(folder).count).toBe(1);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
  });
});
