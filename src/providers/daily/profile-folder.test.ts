import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProfileFolder } from './profile-folder.ts';

test('a new profile takes those away that a dead process left long ago, and no others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-profiles-'));
  try {
    const epochMs = 2_000_000_000_000;
    const put = (name: string, hoursOld: number): string => {
      const path = join(folder, name);
      mkdirSync(path);
      utimesSync(path, epochMs / 1000 - hoursOld * 3_600, epochMs / 1000 - hoursOld * 3_600);
      return path;
    };
    // No process has so high a number.
    const stale = put('bottalk-chromium-99999999-abc', 2);
    const recent = put('bottalk-chromium-99999999-def', 0.5);
    const ours = put(`bottalk-chromium-${process.pid}-ghi`, 48);
    const foreign = put('somebody-elses', 48);

    const made = makeProfileFolder({ folder, pid: process.pid, epochMs });
    expect(basename(made)).toMatch(new RegExp(`^bottalk-chromium-${process.pid}-`));
    expect([stale, recent, ours, foreign, made].map((path) => existsSync(path))).toEqual([false, true, true, true, true]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
