import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { clearOldRuns, newRunFolder } from './run-folder.ts';

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
    clearOldRuns(runs);
    expect(readdirSync(runs).toSorted()).toEqual(['2025-01-01T00-00-00-mine', 'notes', ...older.slice(5).map((path) => basename(path))].toSorted());
  });

  it('does nothing where there are no runs', () => {
    expect(() => clearOldRuns(join(root, 'nowhere'))).not.toThrow();
  });
});
