import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProviderError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { RunFolder } from '../run/run-folder.ts';
import { caseOf } from '../testing/whole-run.ts';
import { openMachinery } from './machinery.ts';
import { runIntoFolder } from './run-into-folder.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bottalk-folder-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('a run whose agents break down before its log begins leaves the reason in run.json', async () => {
  const of = caseOf(`
title: Apart
room: { kind: daily }
agents:
  - { name: Una, prompt: Greet., script: { lines: [Hello.] } }
  - { name: Zed, prompt: Answer., script: { lines: [Hello.] } }
`);
  const gone = new ProviderError('the process of Zed was killed by SIGKILL', { provider: 'bottalk', kind: 'server' });
  const machinery = openMachinery({ wall });
  const run = await runIntoFolder(of, {
    wall,
    version: '0.0.0',
    machinery,
    secrets: { DAILY_API_KEY: 'a-key', BOTTALK_CHROMIUM: process.execPath },
    sinks: [],
    openFolder: () => new RunFolder(join(folder, 'run')),
    elsewhere: () => Promise.reject(gone),
  });
  await machinery.close();
  run.finish();
  expect(run.failures).toEqual([gone]);
  expect(JSON.parse(readFileSync(join(folder, 'run/run.json'), 'utf8'))).toMatchObject({ ended_by: 'error', reason: 'bottalk: the process of Zed was killed by SIGKILL' });
});
