/** Runs with `--processes`: each agent in a process and a browser of its own, in one Daily room. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { BottalkEvent } from '../../src/events/event.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { invalidReasons } from '../../src/metrics/validity.ts';
import { Recording } from '../../src/providers/cassette/recording.ts';
import { agentProcess, isRunning } from '../../src/testing/daily/agent-processes.ts';
import { browserProcesses, noBrowserLeft } from '../../src/testing/daily/browser-processes.ts';
import { type DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';
import type { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { openChatServer } from '../../src/testing/chat-server.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { until } from '../../src/testing/until.ts';
import { caseOf, eventsOf, type WholeRun, type WholeRunOptions, type WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from './chromium-here.ts';
import { inDaily } from './in-daily.ts';

const between = (leo: string): string => `
title: In two processes
turn: { profile: responsive }
room: { kind: daily }
agents:
  - name: Nora
    prompt: Greet.
    allow_interruptions: false
    llm: { first_token_ms: 50 }
    tts: { first_byte_ms: 20 }
    script: { lines: [Hello Leo., { say: Goodbye then., end: true }], unheard: Pardon me? }
  - { name: Leo, prompt: Answer., ${leo} }
`;
const SCENARIO = between('llm: { first_token_ms: 50 }, tts: { first_byte_ms: 20 }, script: { lines: [I am well.], unheard: Pardon me? }');
const LIVE = between('llm: { provider: openai }');

describe.skipIf(isChromiumMissing('tests/daily/processes.test.ts'))('a run whose agents have a process each', () => {
  let runs: WholeRuns;
  let daily: FakeDaily;
  let run: DailyRun;
  inDaily((opened) => ({ runs, daily, run } = opened));

  function hold(scenario: string, onEvent: (event: BottalkEvent) => void = () => undefined, options: WholeRunOptions = {}): Promise<WholeRun> {
    const transcribe = transcribing(daily);
    return runs.run(caseOf(scenario), {
      ...options,
      secrets: { ...run.secrets, ...options.secrets },
      patience: { daily: run.tuning(), graceMs: 1_000 },
      processes: { cacheFolder: runs.cacheFolder, modelFolder: undefined, onWarning: expect.unreachable },
      onEvent: (event) => {
        transcribe(event);
        onEvent(event);
      },
    });
  }

  test('is one conversation in one log', async () => {
    let browsers = 0;
    const authorizations: unknown[] = [];
    const chat = await openChatServer((turn) => {
      authorizations.push(turn.headers.authorization);
      turn.answer('I am well.');
    });
    const recording = new Recording({ version: '0' });
    const count = ({ type }: BottalkEvent): void => {
      if (type === 'reply.started') browsers = Math.max(browsers, browserProcesses(run.profilesFolder).filter((one) => one.type === 'browser').length);
    };
    const whole = await hold(LIVE, count, { recording, secrets: { OPENAI_API_KEY: 'sk-leo', OPENAI_BASE_URL: chat.baseUrl } });
    await chat.close();
    const { events } = whole;
    expect(whole.thrown).toBeUndefined();
    expect(whole.ending).toEqual({ endedBy: 'end_conversation', agent: 'Nora' });
    expect(faultsOf(events)).toEqual([]);
    expect(invalidReasons(foldAll(events))).toEqual([]);
    expect(eventsOf(events, 'reply.stopped').map(({ agent, heard }) => `${agent}: ${heard}`)).toEqual(['Nora: Hello Leo.', 'Leo: I am well.', 'Nora: Goodbye then.']);
    expect(browsers).toBe(2);
    expect(authorizations).toEqual(['Bearer sk-leo']);
    expect(recording.cassette()?.calls.map(({ kind, agent }) => `${agent} ${kind}`)).toEqual(['Leo llm']);
    expect(browserProcesses(run.profilesFolder)).toEqual([]);
  });

  test('that cannot begin, because a voice over there is refused, says so in the log', async () => {
    const voices = await ElevenLabsServer.start();
    const spoken = between('tts: { provider: elevenlabs }, voice: { elevenlabs: josh }, script: { lines: [I am well.] }');
    const { ending, thrown, events } = await hold(spoken, undefined, { secrets: { ELEVENLABS_API_KEY: 'wrong', ELEVENLABS_BASE_URL: voices.baseUrl } });
    await voices.close();
    expect(thrown).toBeUndefined();
    expect(ending).toEqual({ endedBy: 'error', agent: 'Leo', reason: expect.stringMatching(/^elevenlabs: .*check ELEVENLABS_API_KEY \(401\)$/) as string });
    expect(events.map(({ type }) => type)).toEqual(['run.started', 'run.ended']);
    expect(daily.requests).toEqual([]);
    await noBrowserLeft(run.profilesFolder);
  });

  test('whose one process is killed in mid-call goes on until the other has waited, and is then an error with a reason', async () => {
    const whole = await hold(SCENARIO, (event) => {
      // He is in the middle of his first sentence, and no text of his is on its way.
      if (event.type !== 'transcript.published' || event.text !== 'I') return;
      const pid = agentProcess('Leo');
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    });
    const { events } = whole;
    const reason = 'the process of Leo was killed by SIGKILL';
    expect(whole.thrown).toBeUndefined();
    expect(whole.ending).toEqual({ endedBy: 'error', agent: 'Nora', reason });
    expect(faultsOf(events)).toEqual([]);
    expect(eventsOf(events, 'warning.raised').map(({ message }) => message)).toEqual([reason]);
    // Who notices first, the other agent in the room or the one who keeps the process, is not foretold.
    expect(eventsOf(events, 'participant.left').map(({ name }) => name)).toEqual(['Leo', 'Nora']);
    const [started] = eventsOf(events, 'grace.started');
    const [ended] = eventsOf(events, 'grace.ended');
    expect([started, ended]).toMatchObject([{ agent: 'Nora' }, { agent: 'Nora', returned: false }]);
    expect((ended?.atMs ?? 0) - (started?.atMs ?? 0)).toBeGreaterThanOrEqual(999);
    expect(eventsOf(events, 'call.ending')).toMatchObject([{ agent: 'Nora', endedBy: 'hangup' }]);
    expect(eventsOf(events, 'reply.stopped').map(({ agent, outcome, heard }) => ({ agent, outcome, heard }))).toEqual([
      { agent: 'Nora', outcome: 'completed', heard: 'Hello Leo.' },
      { agent: 'Leo', outcome: 'interrupted', heard: '' },
    ]);
    expect(invalidReasons(foldAll(events)).map(({ text }) => text)).toEqual([reason]);
    expect(whole.tracks[0].some((sample) => sample !== 0)).toBe(true);
    expect(daily.rooms.size).toBe(0);
    await noBrowserLeft(run.profilesFolder);
  });

  test('leaves no process and no folder behind when the one that keeps it is killed', async () => {
    const script = fileURLToPath(new URL('../../src/testing/daily/hold-a-run-in-processes.ts', import.meta.url));
    const options = JSON.stringify({ secrets: run.secrets, daily: run.tuning() });
    const bottalk = spawn(process.execPath, [script, SCENARIO, options], { env: { ...process.env, TMPDIR: run.profilesFolder }, stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => bottalk.stdout.once('data', resolve));
    const agents = ['Nora', 'Leo'].flatMap((name) => agentProcess(name, bottalk.pid) ?? []);
    expect(agents).toHaveLength(2);
    const asTheySee = agents.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join();
    expect(asTheySee).not.toContain(daily.apiKey);
    bottalk.kill('SIGKILL');
    await until(() => !agents.some(isRunning));
    await noBrowserLeft(run.profilesFolder);
  });
});

/** On a machine that has too much to do frames go out in bursts, so that the end of a word may be told of before it. */
function faultsOf(events: readonly BottalkEvent[]): string[] {
  return logFaults(events).filter((fault) => !fault.includes('sounds from'));
}
