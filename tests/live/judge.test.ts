/** Whole calls in the embedded room in which a model of the world says who has finished, over real sockets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { metricsOf } from '../../src/metrics/run-metrics.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../src/testing/chat-server.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { caseOf, eventsOf, type WholeRun, WholeRuns } from '../../src/testing/whole-run.ts';

const SCENARIO = `
title: Judged
turn: { profile: responsive, strategy: llm, stop_secs: 4 }
max_duration: 1m
agents:
  - { name: Sarah, prompt: Ask., script: { lines: ["Hello, this is Sarah. Which plan are you on?", { say: "Thanks. Goodbye.", end: true }] } }
  - { name: Mike, prompt: Answer., script: { lines: ["We are on the small plan."] } }
`;

let runs: WholeRuns;
let server: ChatServer;
let onTurn: (turn: ChatTurn) => void;

beforeAll(async () => {
  runs = new WholeRuns();
  server = await openChatServer((turn) => onTurn(turn));
});

afterAll(async () => {
  await runs.close();
  await server.close();
});

const QUICK = { llm: { attempts: 2, firstRetryWaitMs: 1, firstTokenMs: 5000 } };

function run(scenario = SCENARIO): Promise<WholeRun> {
  return runs.run(caseOf(scenario), { secrets: { OPENAI_API_KEY: 'sk-key', OPENAI_BASE_URL: server.baseUrl }, patience: QUICK });
}

/** What was said in the turn that is on. */
const asked = (turn: ChatTurn): string => /Now they said: (.*)/.exec(turn.body.messages.at(-1)?.content ?? '')?.[1] ?? '';

describe('a call whose turns a model judges', () => {
  test('goes on as soon as the model says that somebody has finished', async () => {
    onTurn = (turn) => turn.answer(/you on$|plan$/.test(asked(turn)) ? 'yes' : 'no');
    const call = await run();
    expect(call.ending).toEqual({ endedBy: 'end_conversation', agent: 'Sarah' });
    expect(eventsOf(call.events, 'turn.stopped').slice(0, 2)).toMatchObject([
      { agent: 'Mike', text: 'hello this is sarah which plan are you on', by: 'strategy' },
      { agent: 'Sarah', text: 'we are on the small plan', by: 'strategy' },
    ]);
    expect(server.turns[0]?.body).toMatchObject({ model: 'gpt-4o-mini', temperature: 0, max_completion_tokens: 2 });
    expect(eventsOf(call.events, 'run.started')[0]?.agents[0]).toMatchObject({ endOfTurn: 'llm', judge: { provider: 'openai', model: 'gpt-4o-mini' } });
    expect(logFaults(call.events)).toEqual([]);
    const { agents } = metricsOf(foldAll(call.events));
    const [sarah] = agents;
    expect(sarah?.usage).toMatchObject({ llm_unmetered_requests: sarah?.usage.llm_requests, judge_retries: 0 });
    expect(sarah?.usage.judge_prompt_tokens).toBeGreaterThan(0);
    expect(sarah?.cost).toMatchObject({ llm: 0, judge: null, total: null });
  });

  test('waits for long silence where the model cannot be reached, and says why', async () => {
    onTurn = (turn) => turn.hangUp();
    const call = await run();
    expect(call.ending).toEqual({ endedBy: 'end_conversation', agent: 'Sarah' });
    expect(eventsOf(call.events, 'judge.retried')[0]).toMatchObject({ agent: 'Mike', provider: 'openai', kind: 'network', attempt: 1 });
    expect(eventsOf(call.events, 'judge.failed')[0]).toMatchObject({ agent: 'Mike', provider: 'openai', kind: 'network' });
    expect(eventsOf(call.events, 'turn.stopped')[0]).toMatchObject({ by: 'silence' });
    expect(logFaults(call.events)).toEqual([]);
  });

  test('closes the connection when the answer is not wanted any more', async () => {
    const closed: Promise<boolean>[] = [];
    // Nothing of an answer is sent, so that silence wins in the time that the wall has run.
    onTurn = (turn) => void closed.push(turn.closed);
    const call = await run(SCENARIO.replace('stop_secs: 4', 'stop_secs: 0.05'));
    expect(eventsOf(call.events, 'turn.stopped')[0]).toMatchObject({ by: 'silence' });
    expect(closed.length).toBeGreaterThan(0);
    expect(await Promise.all(closed)).toEqual(closed.map(() => true));
    expect(eventsOf(call.events, 'judge.completed')).toEqual([]);
    expect(logFaults(call.events)).toEqual([]);
  });

  test('ends when the model refuses for good, and is not begun without a key', async () => {
    onTurn = (turn) => turn.refuse(404, { message: 'no', code: 'model_not_found' });
    const call = await run(SCENARIO.replace('strategy: llm', 'strategy: llm, model: gpt-9'));
    expect(call.ending).toMatchObject({ endedBy: 'error', agent: 'Mike', reason: expect.stringContaining('has no model gpt-9') as string });
    const keyless = await runs.run(caseOf(SCENARIO), { secrets: {} });
    expect(String(keyless.thrown)).toContain("Sarah's end of turn needs OPENAI_API_KEY (put it into .env.local or the environment)");
  });
});
