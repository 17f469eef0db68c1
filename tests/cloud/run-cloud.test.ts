/**
 * Calls whose agents are sessions in Pipecat Cloud: the fake of it starts one real `bottalk serve` for each, which talk in
 * a room of the stand-in for Daily, and the run listens there.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { pipecatCloud } from '../../src/cloud/api/pipecat-cloud.ts';
import { cloudKeys } from '../../src/cloud/api/keys.ts';
import { cloudCrew, type CloudCrewOptions } from '../../src/cloud/room/open-cloud-crew.ts';
import type { BottalkEvent } from '../../src/events/event.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { invalidReasons } from '../../src/metrics/validity.ts';
import { browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { COMMAND } from '../../src/testing/command-process.ts';
import { DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { FakePipecatCloud } from '../../src/testing/pipecat-cloud/fake-pipecat-cloud.ts';
import { launchNode } from '../../src/testing/pipecat-cloud/session-process.ts';
import { caseOf, eventsOf, type WholeRun, type WholeRunOptions, WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from '../daily/chromium-here.ts';

const AGENT = 'two-voices';
const SCENARIO = `
title: In the cloud
turn: { profile: responsive }
room: { kind: daily }
agents:
  - name: Nora
    prompt: Greet.
    allow_interruptions: false
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [Hello Leo., How are you?, { say: Goodbye then., end: true }], unheard: Pardon me? }
  - name: Leo
    prompt: Answer.
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [Hello Nora., I am well.], unheard: Pardon me? }
expect:
  - { contains: I am well, by: Leo }
`;

describe.skipIf(isChromiumMissing('tests/cloud/run-cloud.test.ts'))('a run whose agents are sessions in the cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-cloud-'));
  let runs: WholeRuns;
  let daily: FakeDaily;
  let run: DailyRun;
  let cloud: FakePipecatCloud;
  beforeAll(() => void (runs = new WholeRuns()));
  afterAll(async () => {
    await runs.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    daily = await FakeDaily.start();
    run = new DailyRun(daily);
    const env = { TMPDIR: folder, DAILY_CALL_MACHINE_URL: daily.callMachineFolder, BOTTALK_CACHE_DIR: runs.cacheFolder, PIPECAT_LOG_LEVEL: 'DEBUG' };
    cloud = await FakePipecatCloud.start({ launch: launchNode([process.env['SERVE'] ?? COMMAND, 'serve', '--host', '127.0.0.1'], env) });
    cloud.agents.add(AGENT);
  });
  afterEach(async () => {
    await cloud.close();
    await daily.close();
    run.close();
  });

  function hold(options: WholeRunOptions = {}, own: Partial<CloudCrewOptions> = {}): Promise<WholeRun> {
    const transcribe = transcribing(daily);
    const { onEvent } = options;
    return runs.run(caseOf(SCENARIO), {
      ...options,
      secrets: run.secrets,
      patience: { daily: run.tuning() },
      elsewhere: cloudCrew({ cloud: pipecatCloud({ wall, keys: cloudKeys(cloud.env) }), agent: AGENT, onProgress: (text) => process.env['SAY'] && console.log(text), ...own }),
      onEvent: (event: BottalkEvent) => {
        transcribe(event);
        onEvent?.(event);
      },
    });
  }

  test('is heard, judged and cleared away like any other', async () => {
    const held = await hold({ onEvent: (event) => process.env['SAY'] && console.log(JSON.stringify(event).slice(0, 200)) });
    if (process.env['SAY']) console.log(cloud.agents.all.get(AGENT)?.lines.map(({ log }) => log).join('\n'));
    expect(held.thrown).toBeUndefined();
    expect(logFaults(held.events)).toEqual([]);
    expect(invalidReasons(foldAll(held.events))).toEqual([]);
    expect(held.ending).toEqual({ endedBy: 'end_conversation', agent: 'Nora' });
    expect(eventsOf(held.events, 'participant.joined').map(({ name }) => name).toSorted()).toEqual(['Leo', 'Nora']);
    expect(cloud.sessions.activeOf(AGENT)).toEqual([]);
    expect(daily.rooms.size).toBe(0);
    expect(browserProcesses(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);
});
