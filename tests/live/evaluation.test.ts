/** Whole calls of which a model of the world says what to make of them, over real sockets of this machine. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { metricsOf, type RunMetrics } from '../../src/metrics/run-metrics.ts';
import { cassetteText } from '../../src/providers/cassette/cassette-text.ts';
import { Playback } from '../../src/providers/cassette/playback.ts';
import { readCassette } from '../../src/providers/cassette/read-cassette.ts';
import { Recording } from '../../src/providers/cassette/recording.ts';
import { plainConsole } from '../../src/report/plain-console.ts';
import { summaryText } from '../../src/report/summary.ts';
import { textReport } from '../../src/report/text-report.ts';
import { parsePrices } from '../../src/scenarios/price-file.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../src/testing/chat-server.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { withoutNetwork } from '../../src/testing/no-network.ts';
import { caseOf, eventsOf, type WholeRun, type WholeRunOptions, WholeRuns } from '../../src/testing/whole-run.ts';

const CALL = `
title: Refund
turn: { profile: responsive }
agents:
  - { name: Sarah, prompt: Help., script: { lines: ["Blue Finch, this is Sarah.", { say: "I will send it back today. Goodbye.", end: true }] } }
  - { name: Mike, prompt: You want your money back., script: { lines: ["I would like my money back, please."] } }
`;
const KIND = `${CALL}judge: { role_check: false }\nexpect:\n  - judge: Sarah is kind.\n`;

const yes = { reason: 'She promises it.', turn: 3, quote: 'I will send it back today', verdict: true };
const no = { ...yes, reason: 'She says nothing of it.', turn: null, quote: null, verdict: false };
const SCORES = { discovery: 70, objectionHandling: 60, valueArticulation: 50, turnTaking: 90, responseRelevance: 80, nextSteps: 40 };
const KPI_ANSWER = {
  notes: [
    { turn: 2, label: 'asks for a refund', sentiment: 'negative', relevantKpis: ['discovery', 'charm'] },
    { turn: 9, label: 'is not there', sentiment: 'neutral', relevantKpis: [] },
  ],
  ...SCORES,
  ended: true,
};

let runs: WholeRuns;
let server: ChatServer;
let onTurn: (turn: ChatTurn, count: number) => void;
let asked: ChatTurn[];

beforeAll(async () => {
  runs = new WholeRuns();
  server = await openChatServer((turn) => {
    asked.push(turn);
    onTurn(turn, asked.length);
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  await runs.close();
  await server.close();
});

const answer = (value: object | string) => (turn: ChatTurn) => turn.answer(typeof value === 'string' ? value : JSON.stringify(value));
/** One after the other, then the last again and again. */
const answers = (...values: readonly (object | string)[]) => (turn: ChatTurn, count: number) => answer(values[count - 1] ?? values.at(-1) ?? '')(turn);

const secrets = () => ({ OPENAI_API_KEY: 'sk-loopback-key', OPENAI_BASE_URL: server.baseUrl });
const QUICK = { judge: { attempts: 2, firstRetryWaitMs: 1, firstTokenMs: 5000 } };

type Seen = { readonly run: WholeRun; readonly metrics: RunMetrics; readonly summary: string; readonly report: string; readonly lines: string };

/** Nothing is remembered from one to the next, unless the machinery is one that remembers. */
async function evaluated(scenario: string, options: WholeRunOptions = {}): Promise<Seen> {
  let lines = '';
  const terminal = plainConsole({ write: (text) => (lines += text), colour: false, columns: 200 });
  const machinery = { ...runs.machinery, evaluations: undefined };
  const run = await runs.run(caseOf(scenario), { machinery, secrets: secrets(), patience: QUICK, onEvent: (event) => terminal.event(event), ...options });
  const fold = foldAll(run.events);
  expect(logFaults(run.events)).toEqual([]);
  const shown = { summary: summaryText(fold, { colour: false }), report: textReport(fold), lines: lines.replaceAll(new URL(server.baseUrl).host, 'HOST') };
  return { run, metrics: metricsOf(fold), ...shown };
}

describe('a criterion', () => {
  test('that the model finds true holds, with its reason and the words it goes by', async () => {
    onTurn = answer(yes);
    const { metrics, lines, run } = await evaluated(KIND);
    expect(metrics.verdict).toBe('passed');
    expect(metrics.checks).toMatchObject([{ expected: 'judge: "Sarah is kind"', outcome: 'held', saw: 'yes, She promises it: "I will send it back today"', place: { turn: 3, agent: 'Sarah' } }]);
    expect(lines).toMatch(/judge +expectation 1: yes, She promises it\.\n/);
    expect(lines).toMatch(/judge +openai gpt-4o-mini, when the call is over\n/);
    expect(run.events.at(-1)?.type).toBe('run.ended');
  });

  test('is asked of the call as it was heard, at temperature 0 and for JSON of one form; prompts are not shown', async () => {
    onTurn = answer(yes);
    await evaluated(KIND);
    expect(asked).toHaveLength(1);
    const { body, headers } = asked[0] as ChatTurn;
    expect(body).toMatchObject({ model: 'gpt-4o-mini', temperature: 0, response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true } } });
    expect(headers.authorization).toBe('Bearer sk-loopback-key');
    const text = body.messages[1]?.content ?? '';
    expect(text).toContain('Statement: "Sarah is kind."');
    expect(text).toMatch(/^Sarah is the agent\. Mike is the user\.\n\nThe call, as it was heard:\n1\. \[\d\.\d s\] Sarah: Blue Finch, this is Sarah\.\n2\. \[\d\.\d s\] Mike: I would like my money back, please\.\n {3}\[\d\.\d s\] Sarah calls end_conversation \{\}\n {3}\[\d\.\d s\] end_conversation answers .*\n3\. \[\d\.\d s\] Sarah: I will send/);
    expect(text).toContain('The call was ended by end_conversation (Sarah).');
    expect(text).not.toContain('You want your money back.');
  });

  test('that it finds untrue fails, and words that nobody said are not quoted', async () => {
    onTurn = answer({ ...no, turn: 2, quote: 'I hate all of you' });
    const { metrics, summary } = await evaluated(KIND);
    expect(metrics.verdict).toBe('failed');
    expect(metrics.checks[0]).toMatchObject({ outcome: 'failed', saw: 'no, She says nothing of it', place: { turn: 2, agent: 'Mike' } });
    expect(summary).toMatch(/line 9: expected judge: "Sarah is kind": no, She says nothing\s+of it \(turn 2, \d\.\d s\)/);
  });

  test('that only should be true changes no verdict', async () => {
    onTurn = answer(no);
    const { metrics } = await evaluated(`${KIND}    severity: should\n  - turns >= 1\n`);
    expect([metrics.verdict, ...metrics.checks.map(({ outcome }) => outcome)]).toEqual(['passed', 'failed', 'held']);
  });

  test('with several votes is decided by most of them', async () => {
    onTurn = answers(yes, no, yes);
    const { metrics } = await evaluated(`${KIND}    votes: 3\n`);
    expect(metrics.checks[0]).toMatchObject({ outcome: 'held', saw: 'yes (2 of 3 votes), She promises it: "I will send it back today"' });
    expect(asked).toHaveLength(3);
  });

  test('is decided by the votes that came, if they are enough', async () => {
    onTurn = (turn, count) => (count === 1 ? turn.refuse(400, { message: 'no', code: 'content_filter' }) : answer(no)(turn));
    expect((await evaluated(`${KIND}    votes: 3\n`)).metrics.checks[0]).toMatchObject({ outcome: 'failed', saw: 'no (2 of 2 votes), She says nothing of it' });
    onTurn = (turn, count) => (count <= 4 + 1 ? turn.refuse(400, { message: 'no', code: 'content_filter' }) : answer(no)(turn));
    expect((await evaluated(`${KIND}    votes: 3\n`)).metrics.verdict).toBe('invalid');
  });
});

describe('a model that does not do as it is asked', () => {
  test('is asked again where its answer cannot be read, and then believed', async () => {
    onTurn = answers('I think she is kind.', `Well, \`\`\`json\n${JSON.stringify(yes)}\n\`\`\``);
    const { metrics, lines } = await evaluated(KIND);
    expect(metrics.verdict).toBe('passed');
    expect(lines).toMatch(/judge +openai is asked again at once \(server\): gpt-4o-mini answered what cannot be read as a verdict\n/);
    expect(metrics.evaluation?.usage).toMatchObject({ requests: 1, unmetered_requests: 0, retries: 1, prompt_tokens: 42, completion_tokens: 18 });
  });

  test('is given up when it never answers readably: nobody knows, so the run is invalid', async () => {
    onTurn = answers('Kind.', '{"verdict": "perhaps", "reason": "x"}', '{"verdict": true');
    const { metrics, summary } = await evaluated(KIND);
    expect(asked).toHaveLength(3);
    expect(metrics.verdict).toBe('invalid');
    expect(metrics.invalid).toEqual([{ code: 'judge_unreachable', agent: null, text: 'the judge could not be reached: gpt-4o-mini answered what cannot be read as a verdict' }]);
    expect(metrics.checks[0]?.outcome).toBe('not_reached');
    expect(summary).toContain('invalid');
  });

  test('is asked in a simpler way where its server knows no schemas, or no formats at all', async () => {
    onTurn = (turn) => {
      const format = turn.body['response_format'] as { readonly type: string } | undefined;
      if (format?.type === 'json_schema') return turn.refuse(400, { message: "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.", param: 'response_format' });
      if (format) return turn.refuse(400, { message: "'response_format.type' must be 'json_schema' or 'text'" });
      answer(yes)(turn);
    };
    const { metrics } = await evaluated(KIND);
    expect(asked.map(({ body }) => (body['response_format'] as { type: string } | undefined)?.type)).toEqual(['json_schema', 'json_object', undefined]);
    expect(metrics.verdict).toBe('passed');
  });

  test.each([
    ['refuses the key', (turn: ChatTurn) => turn.refuse(401, { message: 'no', code: 'invalid_api_key' }), 'HOST refused the key (401, invalid_api_key); check OPENAI_API_KEY', 1],
    ['fails again and again', (turn: ChatTurn) => turn.refuse(503, { message: 'overloaded' }), 'HOST failed (503)', 2],
    ['hangs up', (turn: ChatTurn) => turn.hangUp(), 'the connection to HOST failed', 2],
  ])('and %s makes the run invalid, never passed and never failed', async (_what, refuse, message, times) => {
    onTurn = refuse;
    const { metrics, lines } = await evaluated(KIND);
    expect(asked).toHaveLength(times);
    expect(metrics.verdict).toBe('invalid');
    expect(metrics.invalid.map(({ code, text }) => [code, text.replaceAll(new URL(server.baseUrl).host, 'HOST').replace(/ \([A-Z_]+\)$/, '')])).toEqual([['judge_unreachable', `the judge could not be reached: ${message}`]]);
    expect(lines).toMatch(/judge +cannot decide expectation 1: /);
  });

  test('matters not where it only should have been asked', async () => {
    onTurn = (turn) => turn.refuse(401, { message: 'no', code: 'invalid_api_key' });
    const { metrics } = await evaluated(`${KIND}    severity: should\n  - turns >= 1\n`);
    expect([metrics.verdict, ...metrics.checks.map(({ outcome }) => outcome)]).toEqual(['passed', 'not_reached', 'held']);
  });
});

describe('the KPIs', () => {
  const scored = (least: string): string => `${CALL}judge: { role_check: false }\nexpect:\n  - kpis: ${least}\n`;

  test('hold where each is what it has to be, and come with an outcome and notes on turns', async () => {
    onTurn = answer(KPI_ANSWER);
    const { metrics, lines, report } = await evaluated(scored('{ discovery: 60, turnTaking: 90 }'));
    expect(metrics.checks[0]).toMatchObject({ expected: 'kpis: discovery >= 60, turnTaking >= 90', outcome: 'held', saw: 'discovery 70, turnTaking 90 (good, 65 in the mean)' });
    expect(metrics.evaluation?.kpis).toEqual({
      scores: SCORES,
      mean: 65,
      outcome: 'good',
      ended: true,
      notes: [{ turn: 2, role: 'user', label: 'asks for a refund', sentiment: 'negative', relevantKpis: ['discovery'] }],
    });
    expect(lines).toMatch(/judge +good, 65 in the mean: discovery 70, /);
    expect(report).toContain(
      [
        'judge, openai gpt-4o-mini',
        '  discovery          70',
        '  objectionHandling  60',
        '  valueArticulation  50',
        '  turnTaking         90',
        '  responseRelevance  80',
        '  nextSteps          40',
        '  good, 65 in the mean; the conversation had come to its end',
        '  turn 2, Mike: asks for a refund (negative, discovery)',
        '  requests 1, retries 0, tokens in 21, tokens out 9',
      ].join('\n'),
    );
  });

  test('fail where one is less, in one request however often they are expected', async () => {
    onTurn = answer(KPI_ANSWER);
    const { metrics } = await evaluated(`${scored('{ discovery: 60, nextSteps: 50 }')}  - kpis: { valueArticulation: 50 }\n`);
    expect(metrics.checks.map(({ outcome, saw }) => [outcome, saw])).toEqual([
      ['failed', 'nextSteps 40 (good, 65 in the mean)'],
      ['held', 'valueArticulation 50 (good, 65 in the mean)'],
    ]);
    expect(asked).toHaveLength(1);
  });

  test('that are not all there are no answer', async () => {
    const { nextSteps: _missing, ...rest } = KPI_ANSWER;
    onTurn = answers(rest, { ...KPI_ANSWER, nextSteps: 101 }, KPI_ANSWER);
    const { metrics } = await evaluated(scored('{ nextSteps: 40 }'));
    expect(metrics.checks[0]?.outcome).toBe('held');
    expect(metrics.evaluation?.usage.retries).toBe(2);
  });
});

describe('the simulator', () => {
  const byQuestion = (kept: object) => (turn: ChatTurn) => answer(turn.body.messages[1]?.content?.includes('plays a part') ? kept : yes)(turn);

  test('that fell out of its role makes the run invalid, whatever else holds', async () => {
    onTurn = byQuestion({ reason: 'It says that it is a model.', turn: 2, quote: null, kept: false });
    const { metrics } = await evaluated(KIND.replace('judge: { role_check: false }\n', ''));
    expect(metrics.checks[0]?.outcome).toBe('held');
    expect(metrics.verdict).toBe('invalid');
    expect(metrics.invalid).toEqual([{ code: 'out_of_role', agent: 'Mike', text: 'Mike fell out of its role in turn 2: It says that it is a model' }]);
    expect(asked.find(({ body }) => body.messages[1]?.content?.includes('plays a part'))?.body.messages[1]?.content).toContain('Mike plays a part, which is this: "You want your money back."');
  });

  test('that kept it is no news, and a scenario may ask for nothing else', async () => {
    onTurn = byQuestion({ reason: 'It asks for its money.', turn: 2, quote: null, kept: true });
    const { metrics } = await evaluated(`${CALL}judge: { model: small }\n`);
    expect(metrics.verdict).toBe('ran');
    expect(metrics.evaluation).toMatchObject({ provider: 'openai', model: 'small', kpis: null, role: { agent: 'Mike', kept: true } });
    expect(asked).toHaveLength(1);
  });
});

describe('answers are remembered', () => {
  test('so that the same call costs nothing the second time and leaves the same bytes; other words are asked anew', async () => {
    onTurn = answers('What?', yes);
    const machinery = runs.machinery;
    const first = await evaluated(KIND, { machinery });
    expect(asked).toHaveLength(2);
    const second = await withoutNetwork(() => evaluated(KIND, { machinery }));
    expect(asked).toHaveLength(2);
    expect(second.run.files).toEqual(first.run.files);
    await evaluated(KIND.replace('is kind', 'is very kind'), { machinery });
    expect(asked).toHaveLength(3);
  });

  test('but not failures', async () => {
    onTurn = (turn) => turn.refuse(401, { message: 'no', code: 'invalid_api_key' });
    const scenario = KIND.replace('is kind', 'is quick');
    expect((await evaluated(scenario, { machinery: runs.machinery })).metrics.verdict).toBe('invalid');
    onTurn = answer(yes);
    expect((await evaluated(scenario, { machinery: runs.machinery })).metrics.verdict).toBe('passed');
  });
});

describe('a recorded call', () => {
  test('is played with its verdicts: without network, key or model, to the byte', async () => {
    onTurn = (turn) => (turn.body.messages[1]?.content?.includes('plays a part') ? answer({ reason: 'Yes.', turn: 2, quote: null, kept: true }) : answer(yes))(turn);
    const scenario = KIND.replace('judge: { role_check: false }\n', '').concat('    votes: 3\n');
    const recording = new Recording({ version: 'test' });
    const recorded = await evaluated(scenario, { recording });
    const cassette = recording.cassette();
    expect(cassette?.calls.map(({ kind }) => kind)).toEqual(['evaluation', 'evaluation', 'evaluation', 'evaluation']);
    if (!cassette) throw new Error('nothing was recorded');
    const played = await withoutNetwork(() => evaluated(scenario, { secrets: {}, replay: new Playback(cassette, 'strict') }));
    expect(played.run.files).toEqual(recorded.run.files);
    expect(played.metrics.verdict).toBe('passed');
    const misread = await withoutNetwork(() => evaluated(scenario, { secrets: {}, replay: new Playback(readCassette(cassetteText(cassette), 'c'), 'timing') }));
    expect(misread.metrics.checks).toEqual(recorded.metrics.checks);
    const other = await withoutNetwork(() => evaluated(scenario.replace('is kind', 'is rude'), { secrets: {}, replay: new Playback(cassette, 'strict') }));
    expect(String(other.run.thrown)).toContain("MismatchError: the judge's brain is not asked what was recorded");
    expect(other.metrics.verdict).toBe('errored');
  });

  test('that is refreshed has the model asked only what is new', async () => {
    onTurn = answer(yes);
    const recording = new Recording({ version: 'test' });
    await evaluated(`${KIND}    votes: 3\n`, { recording });
    const cassette = recording.cassette();
    if (!cassette) throw new Error('nothing was recorded');
    asked = [];
    onTurn = answer(no);
    const refreshed = await evaluated(`${KIND}    votes: 3\n  - judge: Sarah shouts.\n`, { replay: new Playback(cassette, 'refresh') });
    expect(refreshed.metrics.checks.map(({ outcome }) => outcome)).toEqual(['held', 'failed']);
    expect(asked).toHaveLength(1);
  });
});

describe('money', () => {
  const row = (per: string): string => `  - { provider: openai, model: gpt-4o-mini, per: ${per}, usd: 10, source: https://example.com/prices, date: 2026-05-01 }\n`;
  const prices = parsePrices(`prices:\n${row('million_prompt_tokens')}${row('million_completion_tokens')}`, 'test.prices.yaml');

  test('that the judge takes is told, and is part of what the run cost', async () => {
    onTurn = answer(yes);
    const { metrics, summary } = await evaluated(KIND, { prices });
    expect(metrics.cost).toMatchObject({ evaluation: 0.0003, total: 0.0003, at_least: false });
    expect(summary).toContain('judge $0.0003');
  });

  test('that a budget does not reach for is not spent, and nobody knows the verdict', async () => {
    onTurn = answer(yes);
    const { metrics } = await evaluated(KIND, { prices, budgetUsd: 0.001 });
    expect(asked).toHaveLength(0);
    expect(metrics.invalid).toEqual([{ code: 'judge_unreachable', agent: null, text: 'the judge could not be reached: the budget does not reach for it' }]);
    expect((await evaluated(KIND, { prices, budgetUsd: 0.1 })).metrics.verdict).toBe('passed');
    const { run } = await evaluated(KIND, { budgetUsd: 0.1 });
    expect(String(run.thrown)).toMatch(/^UsageError: a budget of \$0\.10 cannot be kept: nobody knows the price of openai gpt-4o-mini at 127\.0\.0\.1:\d+, for the judge /);
  });
});

describe('nobody is asked', () => {
  test('of a call that was broken off: Ctrl-C while it lasts, or while the model thinks', async () => {
    const early = new AbortController();
    onTurn = answer(yes);
    const cancelled = await evaluated(KIND, { signal: early.signal, onEvent: ({ type }) => type === 'utterance.started' && early.abort() });
    expect([cancelled.metrics.verdict, asked.length]).toEqual(['cancelled', 0]);
    const late = new AbortController();
    onTurn = () => late.abort();
    const waiting = await evaluated(KIND, { signal: late.signal });
    expect(waiting.run.ending).toEqual({ endedBy: 'cancelled' });
    expect(eventsOf(waiting.run.events, 'evaluation.failed')).toMatchObject([{ kind: 'cancelled' }]);
    expect(await asked[0]?.closed).toBe(true);
  });

  test('without a key: that is said before the call begins', async () => {
    const { run } = await evaluated(KIND, { secrets: {} });
    expect(run.events).toEqual([]);
    expect((run.thrown as Error).message).toBe('test.yaml:9:1: expect: judge needs OPENAI_API_KEY (put it into .env.local or the environment, name another server with judge: { base_url: ... }, or play a cassette of the call)');
  });
});

test('a run without such expectations says nothing of a judge', async () => {
  const { run, metrics } = await evaluated(CALL, { secrets: {} });
  expect(run.events.filter(({ type }) => /^(evaluation|criterion|kpis|role)\./.test(type))).toEqual([]);
  expect([metrics.evaluation, metrics.verdict]).toEqual([null, 'ran']);
});
