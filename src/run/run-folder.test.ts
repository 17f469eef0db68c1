import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleCall } from '../testing/sample-call.ts';
import { EventFile } from './event-file.ts';
import { clearOldRuns, newRunFolder, RunFolder } from './run-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'bottalk-run-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const startedEpochMs = Date.UTC(2026, 0, 5, 9, 30, 12, 345);

describe('newRunFolder', () => {
  it('names a run by when it was and what it is', () => {
    const path = newRunFolder(join(root, 'a/runs'), { title: 'Coffee for the office!', startedEpochMs });
    expect(basename(path)).toBe('2026-01-05T09-30-12-coffee-for-the-office');
    expect(existsSync(path)).toBe(true);
  });

  it('gives each run of one second a folder of its own', () => {
    const names = Array.from({ length: 3 }, () => basename(newRunFolder(join(root, 'b'), { title: '喂', startedEpochMs })));
    expect(names).toEqual(['2026-01-05T09-30-12-run', '2026-01-05T09-30-12-run-2', '2026-01-05T09-30-12-run-3']);
  });
});

describe('clearOldRuns', () => {
  it('keeps the newest fifty, killed ones included, and touches nothing else', () => {
    const runs = join(root, 'c');
    const older = Array.from({ length: 55 }, (_, n) => newRunFolder(runs, { title: 'Old', startedEpochMs: startedEpochMs + n * 1000 }));
    for (const [n, path] of older.entries()) writeFileSync(join(path, n % 2 === 0 ? 'run.json' : 'events.jsonl'), '');
    mkdirSync(join(runs, '2025-01-01T00-00-00-mine'));
    mkdirSync(join(runs, 'notes'));
    writeFileSync(join(runs, 'notes', 'run.json'), '');
    writeFileSync(join(runs, '2025-01-01T00-00-01-my.txt'), '');
    clearOldRuns(runs);
    expect(readdirSync(runs).toSorted()).toEqual(['2025-01-01T00-00-00-mine', '2025-01-01T00-00-01-my.txt', 'notes', ...older.slice(5).map((path) => basename(path))].toSorted());
  });

  it('keeps the newest ten test runs beside them, killed ones included', () => {
    const runs = join(root, 'tests');
    const one = newRunFolder(runs, { title: 'One', startedEpochMs: startedEpochMs - 1000 });
    writeFileSync(join(one, 'run.json'), '');
    const older = Array.from({ length: 13 }, (_, n) => newRunFolder(runs, { title: 'test', startedEpochMs: startedEpochMs + n * 1000 }));
    for (const [n, path] of older.entries()) {
      mkdirSync(join(path, 'calls', 'refund-@1'), { recursive: true });
      writeFileSync(n % 2 === 0 ? join(path, 'results.json') : join(path, 'calls', 'refund-@1', 'events.jsonl'), '');
    }
    const begun = newRunFolder(runs, { title: 'test', startedEpochMs: startedEpochMs - 2000 });
    clearOldRuns(runs);
    expect(readdirSync(runs).toSorted()).toEqual([begun, one, ...older.slice(3)].map((path) => basename(path)).toSorted());
  });

  it('does nothing where there are no runs', () => {
    expect(() => clearOldRuns(join(root, 'nowhere'))).not.toThrow();
  });
});

describe('RunFolder', () => {
  const FILES = ['audio.wav', 'events.jsonl', 'metrics.json', 'run.json', 'transcript.txt', 'transcript.vtt'];
  const silence = new Int16Array(16_000);
  const finish = (folder: RunFolder): void => {
    for (const event of sampleCall()) folder.sink.event(event);
    folder.finish({ tracks: [silence, silence], about: { title: 'A call' } });
  };

  it('writes all files of a run', () => {
    const folder = new RunFolder(join(root, 'd'));
    finish(folder);
    expect(readdirSync(folder.path).toSorted()).toEqual(FILES);
  });

  // Whatever is written to /dev/full is refused for want of space, as by a disk.
  it.runIf(existsSync('/dev/full')).each(['audio.wav', 'metrics.json', 'run.json'])('says that there was no room for %s, and writes the others', (full) => {
    const folder = new RunFolder(join(root, `full-${full}`));
    symlinkSync('/dev/full', join(folder.path, full));
    expect(() => finish(folder)).toThrow(`cannot write ${folder.path}: no space left on the disk (choose another folder with --out)`);
    const others = FILES.filter((name) => name !== full);
    expect(others.filter((name) => readFileSync(join(folder.path, name)).length === 0)).toEqual([]);
  });

  it.runIf(existsSync('/dev/full'))('does not disturb a run whose events find no room, and says so at the end', () => {
    const file = new EventFile('/dev/full');
    for (let n = 0; n < 10; n++) for (const event of sampleCall()) file.event(event);
    expect(() => file.close()).toThrow('ENOSPC');
    expect(() => file.close()).not.toThrow();
  });

  it.each(['events.jsonl', 'audio.wav'])('refuses a folder in which %s of another run would be lost', (name) => {
    const folder = join(root, `taken-${name}`);
    mkdirSync(folder);
    writeFileSync(join(folder, name), 'of another run');
    expect(() => new RunFolder(folder)).toThrow(`${folder} holds a run already`);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('of another run');
    expect(readdirSync(folder)).toEqual([name]);
  });
});
