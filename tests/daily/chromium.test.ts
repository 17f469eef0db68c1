import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { Chromium, type ChromiumOptions } from '../../src/providers/daily/chromium.ts';
import { findChromium } from '../../src/providers/daily/find-chromium.ts';
import { DailySeats } from '../../src/providers/daily/seats.ts';
import { browserProcesses, noBrowserLeft } from '../../src/testing/daily/browser-processes.ts';
import { STAY_HOME } from '../../src/testing/daily/daily-call.ts';
import { isChromiumMissing } from './chromium-here.ts';

describe.skipIf(isChromiumMissing('tests/daily/chromium.test.ts'))('a Chromium of ours', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bottalk-chromium-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const options = (): ChromiumOptions => ({ wall, folder, hostRules: STAY_HOME, executable: findChromium({ env: process.env, platform: process.platform }) });

  test('ends with its profile when it is closed', async () => {
    const browser = await Chromium.launch(options());
    expect(browserProcesses(folder).length).toBeGreaterThan(2);
    expect(readdirSync(folder)).toHaveLength(1);
    await browser.close();
    await browser.close();
    expect(browserProcesses(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is not started for seats that are closed before it could be', async () => {
    const { executable, hostRules } = options();
    const seats = new DailySeats({ wall, executable, profilesFolder: folder, ...(hostRules !== undefined && { hostRules }) });
    seats.warmUp();
    await seats.close();
    expect(browserProcesses(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('knows nothing of our keys', async () => {
    process.env['DAILY_API_KEY'] = 'planted-key';
    try {
      const browser = await Chromium.launch(options());
      const [pid] = browserProcesses(folder).flatMap((each) => (each.type === 'browser' ? each.pid : []));
      const told = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      await browser.close();
      expect(told).toContain(`PATH=${process.env['PATH']}`);
      expect(told.filter((entry) => /planted|KEY|TOKEN|SECRET/.test(entry))).toEqual([]);
    } finally {
      delete process.env['DAILY_API_KEY'];
    }
  });

  test('is ended by force when it does not listen any more', async () => {
    const browser = await Chromium.launch({ ...options(), closeMs: 100 });
    halt();
    await browser.close();
    await noBrowserLeft(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that answers nothing any more does not hold up the end of a page', async () => {
    const browser = await Chromium.launch({ ...options(), closeMs: 100 });
    const page = await browser.openPage('about:blank', () => undefined);
    halt();
    await expect(page.close()).resolves.toBeUndefined();
    await browser.close();
  });

  test('that opens no page in time is ended, and says so to whoever waits for the page', async () => {
    const browser = await Chromium.launch({ ...options(), openMs: 100, closeMs: 100 });
    halt();
    const late = browser.openPage('about:blank', () => undefined);
    await expect(late).rejects.toThrow('Chromium did not open a page within 0.1 s');
    await expect(late).rejects.toMatchObject({ provider: 'daily', retryable: true });
    await browser.exited;
    await noBrowserLeft(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('says that one of its pages has died, and opens another', async () => {
    const browser = await Chromium.launch(options());
    try {
      const crashed = Promise.withResolvers<void>();
      await browser.openPage('about:blank', crashed.resolve);
      const renderers = (): number[] => browserProcesses(folder).flatMap(({ pid, type }) => (type === 'renderer' ? pid : []));
      while (renderers().length === 0) await wall.sleep(10);
      for (const pid of renderers()) process.kill(pid, 'SIGKILL');
      await crashed.promise;
      const page = await browser.openPage('about:blank', () => undefined);
      await page.close();
      expect(browser.hasExited).toBe(false);
    } finally {
      await browser.close();
    }
  });

  test('that does not start is an error that says why, and leaves nothing behind', async () => {
    const missing = Chromium.launch({ ...options(), executable: '/nowhere/chromium' });
    await expect(missing).rejects.toThrow(/^Chromium ended: .*\/nowhere\/chromium.*not found/);
    await expect(missing).rejects.toMatchObject({ provider: 'daily', kind: 'server' });
    // It takes no orders at all.
    await expect(Chromium.launch({ ...options(), executable: '/bin/cat', startMs: 300, closeMs: 100 })).rejects.toThrow(/^Chromium (ended|did not start)/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that dies while it starts a process of its own has not ended before that one has', async () => {
    // A process that is just being made bears its maker's command line, and may outlive it.
    const executable = join(folder, 'chromium');
    writeFileSync(executable, '#!/bin/sh\n/bin/sh -c "sleep 0.3; exit 0" "$0" "$@" &\n', { mode: 0o755 });
    await expect(Chromium.launch({ ...options(), executable })).rejects.toThrow(/^Chromium ended/);
    expect(browserProcesses(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual(['chromium']);
  });

  test('does not wait for ever for a process that has left its group', async () => {
    const executable = join(folder, 'chromium');
    writeFileSync(executable, '#!/bin/sh\nsetsid sleep 30 &\necho $! > "$0.pid"\n', { mode: 0o755 });
    await expect(Chromium.launch({ ...options(), executable, closeMs: 50 })).rejects.toThrow(/^Chromium ended/);
    process.kill(Number(readFileSync(`${executable}.pid`, 'utf8')));
  });

  function halt(): void {
    for (const { pid, type } of browserProcesses(folder)) if (type === 'browser') process.kill(pid, 'SIGSTOP');
  }
});
