/**
 * Calls whose agents are sessions in Pipecat Cloud: the stand-in for it starts one real `bottalk serve` for each, they talk
 * in a room of the stand-in for Daily, and the run listens there. Nothing leaves this machine.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { cloudKeys } from '../../src/cloud/api/keys.ts';
import { pipecatCloud } from '../../src/cloud/api/pipecat-cloud.ts';
import { cloudCrew, type CloudCrewOptions } from '../../src/cloud/room/open-cloud-crew.ts';
import type { BottalkEvent } from '../../src/events/event.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { metricsOf } from '../../src/metrics/run-metrics.ts';
import type { SuiteResult } from '../../src/metrics/suite-result.ts';
import { bottalk, COMMAND, type CommandResult } from '../../src/testing/command-process.ts';
import { browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { transcribeWhatIsTold } from '../../src/testing/daily/told-transcriber.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { FakePipecatCloud } from '../../src/testing/pipecat-cloud/fake-pipecat-cloud.ts';
import { launchNode, StandInSession } from '../../src/testing/pipecat-cloud/session-process.ts';
import { caseOf, eventsOf, type WholeRun, type WholeRunOptions, WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from '../daily/chromium-here.ts';

const AGENT = 'two-voices';
const SCENARIO = `
title: In the cloud
turn: { profile: responsive }
agents:
  - name: Nora
    prompt: Greet.
    voice: clara
    allow_interruptions: false
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [Hello Leo., How are you?, { say: Goodbye then., end: true }], unheard: Pardon me? }
  - name: Leo
    prompt: Answer.
    voice: ross
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [Hello Nora., I am well.], unheard: Pardon me? }
expect:
  - { contains: I am well, by: Leo }
`;

/** A greeting, its answer and a goodbye, for what needs no more. */
const SHORT_SCENARIO = SCENARIO.replace('Hello Leo., How are you?, { say: Goodbye then.', 'Hello., { say: Goodbye.').replace('Hello Nora., ', '');

type HoldOptions = Partial<CloudCrewOptions> & Pick<WholeRunOptions, 'signal'>;

describe.skipIf(isChromiumMissing('tests/cloud/run-cloud.test.ts'))('a run whose agents are sessions in the cloud', { timeout: 60_000 }, () => {
  let runs: WholeRuns;
  let folder: string;
  /** Of all processes of a test: whatever one of them leaves behind lies here. */
  let temporary: string;
  let daily: FakeDaily;
  let run: DailyRun;
  let cloud: FakePipecatCloud;
  beforeAll(() => void (runs = new WholeRuns()));
  afterAll(() => runs.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bottalk-cloud-'));
    temporary = mkdtempSync(join(tmpdir(), 'bottalk-cloud-tmp-'));
    daily = await FakeDaily.start();
    run = new DailyRun(daily);
    const env = { TMPDIR: temporary, DAILY_CALL_MACHINE_URL: daily.callMachineFolder, BOTTALK_CACHE_DIR: runs.cacheFolder };
    cloud = await FakePipecatCloud.start({ launch: launchNode([COMMAND, 'serve', '--host', '127.0.0.1'], env) });
    cloud.agents.add(AGENT, { image: 'registry.example/two:1', autoScaling: { maxAgents: 2 } });
  });
  afterEach(async () => {
    await cloud.close();
    await daily.close();
    run.close();
    for (const path of [folder, temporary]) rmSync(path, { recursive: true, force: true });
  });

  /** Through the composition root. */
  function hold(onEvent: (event: BottalkEvent) => void = () => undefined, { signal, ...own }: HoldOptions = {}): Promise<WholeRun> {
    const transcribe = transcribing(daily);
    const options: WholeRunOptions = {
      secrets: run.secrets,
      signal,
      patience: { daily: run.tuning() },
      elsewhere: cloudCrew({ cloud: pipecatCloud({ wall, keys: cloudKeys(cloud.env) }), agent: AGENT, onProgress: () => undefined, ...own }),
      onEvent: (event) => {
        transcribe(event);
        onEvent(event);
      },
    };
    return runs.run(caseOf(`room: { kind: daily }\n${SCENARIO}`), options);
  }

  /** As users do; events come as lines. */
  function command(words: readonly string[], onEvent: (event: BottalkEvent, interrupt: () => void) => void = () => undefined): Promise<CommandResult> {
    const transcribe = transcribing(daily);
    let read = 0;
    return bottalk(words, {
      cwd: folder,
      cacheFolder: runs.cacheFolder,
      env: { TMPDIR: temporary, HOME: temporary, PCC_AGENT_NAME: AGENT, ...(run.secrets as Record<string, string>), ...cloud.env },
      onOutput: (process, output) => {
        if (!words.includes('--json') || words[0] !== 'run') return;
        const lines = output.split('\n').slice(0, -1);
        for (const line of lines.slice(read)) {
          const event = JSON.parse(line) as BottalkEvent;
          transcribe(event);
          onEvent(event, () => process.kill('SIGINT'));
        }
        read = lines.length;
      },
    });
  }

  /** No session, no room, no process, no browser and no profile. */
  async function expectNothingLeft(): Promise<void> {
    await Promise.all([...cloud.sessions.all.values()].map(({ gone }) => gone));
    expect(cloud.sessions.activeOf(AGENT)).toEqual([]);
    expect(daily.rooms.size).toBe(0);
    while (browserProcesses(temporary).length > 0 || browserProcesses(run.profilesFolder).length > 0) await wall.sleep(10);
    expect(readdirSync(temporary)).toEqual([]);
  }

  test('is shown, heard, measured live and judged, and keeps every key to itself', async () => {
    writeFileSync(join(folder, 'call.yaml'), SCENARIO);
    let looked: Promise<CommandResult> | undefined;
    const result = await command(['run', 'call.yaml', '--cloud', '--json', '--out', 'out'], (event) => {
      if (event.type === 'reply.stopped' && event.replyId === 'nora-r2') looked = command(['metrics', '--json']);
    });
    expect(result.status).toBe(0);
    const events = result.output.trim().split('\n').map((line) => JSON.parse(line) as BottalkEvent);
    expect(logFaults(events)).toEqual([]);
    expect(eventsOf(events, 'run.ended').map(({ endedBy, agent }) => [endedBy, agent])).toEqual([['end_conversation', 'Nora']]);
    const { verdict, invalid } = metricsOf(foldAll(events));
    expect({ verdict, invalid: invalid.filter(({ code }) => code !== 'timing_unreliable') }).toEqual({ verdict: invalid.length > 0 ? 'invalid' : 'passed', invalid: [] });
    // On a machine that is busy somebody may ask again before a text has come.
    const said = eventsOf(events, 'reply.stopped').filter(({ heard }) => heard !== 'Pardon me?');
    expect(said.map(({ agent, heard }) => `${agent}: ${heard}`)).toEqual(['Nora: Hello Leo.', 'Leo: Hello Nora.', 'Nora: How are you?', 'Leo: I am well.', 'Nora: Goodbye then.']);
    // Whoever listens is seen by nobody.
    expect(eventsOf(events, 'participant.joined').map(({ name }) => name).toSorted()).toEqual(['Leo', 'Nora']);
    const looks = JSON.parse((await looked)?.output ?? '[]') as { state: string; figures: { count: number; session: { agent_name: string } } }[];
    expect(looks.map(({ state, figures }) => `${figures.session.agent_name} ${state}, ${figures.count > 0 ? 'with' : 'without'} figures`).toSorted()).toEqual(['Leo runs, with figures', 'Nora runs, with figures']);
    await expectNothingLeft();
    const files = readdirSync(join(folder, 'out')).map((name) => readFileSync(join(folder, 'out', name), 'latin1'));
    const logged = cloud.agents.all.get(AGENT)?.lines.map(({ log }) => log) ?? [];
    expect(logged.length).toBeGreaterThan(0);
    const told = [result.output, result.errors, (await looked)?.output, (await looked)?.errors, ...files, ...logged].join('\n');
    for (const planted of [cloud.privateKey, cloud.publicKey, daily.apiKey, ...daily.tokens.keys()]) expect(told).not.toContain(planted);
  });

  test('is left in good order by Ctrl-C in mid-call', async () => {
    writeFileSync(join(folder, 'call.yaml'), SCENARIO);
    const result = await command(['run', 'call.yaml', '--cloud', '--json', '--out', 'out'], (event, interrupt) => {
      if (event.type === 'utterance.started') interrupt();
    });
    expect(result.status).toBe(130);
    expect(result.output).toMatch(/"endedBy":"cancelled"/);
    await expectNothingLeft();
    // Their run told them to leave; being stopped is what comes after that.
    expect(cloud.agents.all.get(AGENT)?.lines.filter(({ log }) => log.endsWith('stopping: call over'))).toHaveLength(2);
  });

  test('ends as an error when the process of an agent is killed in mid-call, and says so', async () => {
    const held = await hold((event) => {
      if (event.type === 'utterance.started') cloud.sessions.activeOf(AGENT)[0]?.process.signal('SIGKILL');
    });
    expect(held.ending).toMatchObject({ endedBy: 'error', reason: expect.stringMatching(/^the session of (Nora|Leo) ended \(HTTP_ERROR\)/) as string });
    expect(logFaults(held.events)).toEqual([]);
    await expectNothingLeft();
  });

  test('does not begin when a start is refused, and the other session is stopped', async () => {
    cloud.agents.add(AGENT, { image: 'registry.example/two:1', autoScaling: { maxAgents: 1 } });
    const held = await hold();
    expect(held.ending?.reason).toMatch(/^pipecat-cloud: every instance of two-voices is in use; .*\(429\); the session of (Nora|Leo) was stopped$/);
    expect(held.events.map(({ type }) => type)).toEqual(['run.started', 'run.ended']);
    await expectNothingLeft();
  });

  test('is a case of a test run, beside another one, and nothing is left of either', async () => {
    cloud.agents.add(AGENT, { image: 'registry.example/two:1', autoScaling: { maxAgents: 4 } });
    transcribeWhatIsTold(daily);
    for (const name of ['one', 'two']) writeFileSync(join(folder, `${name}.yaml`), SHORT_SCENARIO.replace('In the cloud', name));
    const result = await command(['test', 'one.yaml', 'two.yaml', '--cloud', '--workers', '2', '--retries-invalid', '0', '--keep', 'all', '--out', 'out']);
    const { cases } = JSON.parse(readFileSync(join(folder, 'out', 'results.json'), 'utf8')) as SuiteResult;
    expect(cases.map(({ title, verdict, error }) => [title, verdict === 'invalid' ? 'passed' : verdict, error])).toEqual([['one', 'passed', null], ['two', 'passed', null]]);
    expect(result.status).toBe(cases.some(({ verdict }) => verdict === 'invalid') ? 3 : 0);
    expect(cloud.sessions.all.size).toBe(4);
    await expectNothingLeft();
    const written = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const told = [result.output, result.errors, ...written.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))].join('\n');
    for (const planted of [cloud.privateKey, cloud.publicKey, daily.apiKey, ...daily.tokens.keys()]) expect(told).not.toContain(planted);
  });

  test('is no case of a test run where the agent has no instances for two sessions', async () => {
    cloud.agents.add(AGENT, { image: 'registry.example/two:1', autoScaling: { maxAgents: 1 } });
    writeFileSync(join(folder, 'call.yaml'), SCENARIO);
    const result = await command(['test', 'call.yaml', '--cloud']);
    expect(result.status).toBe(2);
    expect(result.errors).toContain('a run needs 2 sessions, and two-voices has at most 1');
    expect(cloud.sessions.all.size).toBe(0);
  });

  test('does not begin when a session ends before its agent has come', async () => {
    const short = await FakePipecatCloud.start({
      launch: async () => {
        const session = await StandInSession.start();
        wall.after(50, () => session.end(500));
        return session;
      },
    });
    short.agents.add(AGENT);
    const held = await hold(undefined, { cloud: pipecatCloud({ wall, keys: cloudKeys(short.env) }) });
    await short.close();
    expect(held.ending?.reason).toMatch(/^pipecat-cloud: the session of (Nora|Leo) ended \(500\); `bottalk logs` may say why; both sessions were stopped$/);
    await expectNothingLeft();
  });

  test('is called off while its agents are on their way', async () => {
    const cancel = new AbortController();
    const held = await hold(undefined, { signal: cancel.signal, onProgress: (text) => (text?.startsWith('waiting') ? cancel.abort() : undefined) });
    expect(held.ending).toEqual({ endedBy: 'cancelled' });
    await expectNothingLeft();
  });

  test('does not wait without end for an agent that does not come', async () => {
    const held = await hold(undefined, { limits: { arriveMs: 1 } });
    expect(held.ending?.reason).toMatch(/^pipecat-cloud: (Nora|Leo) did not come into the room within 0.001 s; both sessions were stopped$/);
    await expectNothingLeft();
  });
});
