/** Runs with `--processes`: each agent in a process and a browser of its own, in one Daily room. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BottalkEvent } from '../../src/events/event.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { invalidReasons } from '../../src/metrics/validity.ts';
import { browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { caseOf, eventsOf, type WholeRun, WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from './chromium-here.ts';

const QUICK = 'llm: { first_token_ms: 50 }, tts: { first_byte_ms: 20 }';
const SCENARIO = `
title: In two processes
turn: { profile: responsive }
room: { kind: daily }
agents:
  - { name: Nora, prompt: Greet., allow_interruptions: false, ${QUICK}, script: { lines: [Hello Leo., { say: Goodbye then., end: true }], unheard: Pardon me? } }
  - { name: Leo, prompt: Answer., ${QUICK}, script: { lines: [I am well.], unheard: Pardon me? } }
`;

describe.skipIf(isChromiumMissing('tests/daily/processes.test.ts'))('a run whose agents have a process each', () => {
  let runs: WholeRuns;
  let daily: FakeDaily;
  let run: DailyRun;
  beforeAll(() => void (runs = new WholeRuns()));
  afterAll(() => runs.close());
  beforeEach(async () => {
    daily = await FakeDaily.start();
    run = new DailyRun(daily);
  });
  afterEach(async () => {
    await daily.close();
    run.close();
  });

  function hold(scenario: string, onEvent: (event: BottalkEvent) => void = () => undefined): Promise<WholeRun> {
    const transcribe = transcribing(daily);
    return runs.run(caseOf(scenario), {
      secrets: run.secrets,
      patience: { daily: run.tuning() },
      processes: { cacheFolder: runs.cacheFolder, modelFolder: undefined, onWarning: expect.unreachable },
      onEvent: (event) => {
        transcribe(event);
        onEvent(event);
      },
    });
  }

  test('is one conversation in one log', async () => {
    let most = 0;
    const whole = await hold(SCENARIO, (event) => {
      if (event.type === 'reply.started') most = Math.max(most, browserProcesses(run.profilesFolder).filter(({ type }) => type === 'browser').length);
    });
    const { events } = whole;
    expect(whole.thrown).toBeUndefined();
    expect(whole.ending).toEqual({ endedBy: 'end_conversation', agent: 'Nora' });
    expect(logFaults(events)).toEqual([]);
    expect(invalidReasons(foldAll(events))).toEqual([]);
    expect(eventsOf(events, 'reply.stopped').map(({ agent, heard }) => `${agent}: ${heard}`)).toEqual(['Nora: Hello Leo.', 'Leo: I am well.', 'Nora: Goodbye then.']);
    expect(most).toBe(2);
    expect(browserProcesses(run.profilesFolder)).toEqual([]);
  });
});
