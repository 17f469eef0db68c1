/** Whole runs in a Daily room: real agents, a real browser, real WebRTC between them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import { caseOf, WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from './chromium-here.ts';

const SCENARIO = `
title: By Daily
turn: { profile: responsive }
room: { kind: daily }
agents:
  - name: Nora
    prompt: Greet.
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [Hello Leo., { say: Goodbye then., end: true }] }
  - name: Leo
    prompt: Answer.
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [I am well.] }
`;

describe.skipIf(isChromiumMissing('tests/daily/daily-run.test.ts'))('a run in a Daily room', () => {
  let daily: FakeDaily;
  let runs: WholeRuns;
  let run: DailyRun;
  beforeAll(async () => {
    daily = await FakeDaily.start();
    runs = new WholeRuns();
    run = new DailyRun(daily);
  });
  afterAll(async () => {
    await runs.close();
    await daily.close();
    run.close();
  });

  test('is a conversation', async () => {
    const whole = await runs.run(caseOf(SCENARIO), { secrets: run.secrets, patience: { daily: run.tuning() }, onEvent: transcribing(daily) });
    expect(whole.ending).toEqual({ endedBy: 'end_conversation', agent: 'Nora' });
  });
});
