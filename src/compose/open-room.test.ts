import { describe, expect, test } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { scenarioText } from '../testing/scenario.ts';
import { parseScenario } from '../scenarios/load.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { checkRoom, longestCallMs, openClock } from './open-room.ts';

const scenarioWith = (top: string): Scenario => parseScenario(scenarioText({ top }), 'x.yaml', {}).scenario;
const EMBEDDED = scenarioWith('');
const DAILY = scenarioWith('room: { kind: daily }');

describe('a Daily room', () => {
  test('goes with the real clock, the embedded one with virtual time', () => {
    expect([EMBEDDED, DAILY].map((scenario) => openClock(scenario, { wall }).kind)).toEqual(['virtual', 'real']);
  });

  test('needs a key and no pace; the embedded one takes both as they come', () => {
    checkRoom(EMBEDDED, { secrets: {}, pace: 2 });
    expect(() => checkRoom(DAILY, { secrets: {} })).toThrow('a Daily room needs DAILY_API_KEY');
    expect(() => checkRoom(DAILY, { secrets: { DAILY_API_KEY: 'key' }, pace: 2 })).toThrow('keeps real time');
    expect(() => checkRoom(DAILY, { secrets: { DAILY_API_KEY: 'key' }, playsAlone: true })).toThrow('a recording is played without a network');
    expect(() => checkRoom(DAILY, { secrets: { DAILY_API_KEY: 'key', BOTTALK_CHROMIUM: '/nowhere' } })).toThrow(UsageError);
  });

  test('outlives its call, however long that may be', () => {
    expect(longestCallMs(scenarioWith('room: { kind: daily, life: 90 }'))).toBe(85_000);
    expect(longestCallMs(scenarioWith('room: { kind: daily, life: 90 }\nmax_duration: 1m'))).toBe(60_000);
    expect(longestCallMs(scenarioWith('room: { life: 90 }'))).toBe(600_000);
    expect(() => scenarioWith('room: { kind: daily, life: 30 }')).toThrow('expected at least 60 seconds');
  });
});
