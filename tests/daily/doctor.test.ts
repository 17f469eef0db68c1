import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { checkOnline } from '../../src/compose/doctor/online-checks.ts';
import { browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { STAY_HOME } from '../../src/testing/daily/daily-call.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { isChromiumMissing } from './chromium-here.ts';

describe.skipIf(isChromiumMissing('tests/daily/doctor.test.ts'))('the doctor in a Daily room, with the real daily-js in a real Chromium', () => {
  let daily: FakeDaily;
  let profilesFolder: string;
  beforeEach(async () => {
    daily = await FakeDaily.start();
    profilesFolder = mkdtempSync(join(tmpdir(), 'bottalk-daily-'));
  });
  afterEach(async () => {
    await daily.close();
    rmSync(profilesFolder, { recursive: true });
  });

  async function examine(): Promise<readonly string[]> {
    const secrets = { DAILY_API_KEY: daily.apiKey, DAILY_BASE_URL: daily.restUrl, DAILY_CALL_MACHINE_URL: daily.callMachineFolder };
    const tuning = { hostRules: STAY_HOME, profilesFolder };
    const checks = await checkOnline({ wall, env: process.env, secrets, signal: new AbortController().signal, daily: tuning });
    expect(daily.rooms.size, 'the room is deleted').toBe(0);
    expect(browserProcesses(profilesFolder)).toEqual([]);
    expect(readdirSync(profilesFolder)).toEqual([]);
    return checks.map(({ state, detail }) => `${state}: ${detail}`);
  }

  test('joins, has it transcribed, and leaves nothing behind', async () => {
    expect(await examine()).toEqual(['works: a room was made, joined and deleted; transcription began']);
    expect(daily.requests.map(({ line }) => line.replace(/\/rooms\/[\w-]+/, '/rooms/x'))).toEqual([
      'POST /rooms',
      'POST /meeting-tokens',
      'POST /rooms/x/transcription/start',
      'DELETE /rooms/x',
    ]);
  });

  test('says why it is not transcribed, which is no failure', async () => {
    daily.refuse(/^POST .*transcription\/start$/, 400, 'invalid-request-error');
    expect(await examine()).toEqual([
      expect.stringMatching(/^works: a room was made, joined and deleted; transcription did not begin: Daily answered POST \S+ with 400 invalid-request-error$/),
    ]);
  });

  test('says why it could not join', async () => {
    daily.refusesJoins = { type: 'not-allowed', msg: 'You are not allowed to join this meeting' };
    expect(await examine()).toEqual(['broken: Daily does not let this token into the room']);
  });
});
