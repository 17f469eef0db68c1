/** Whole calls in the embedded room whose words are heard by a transcription of the world, over real sockets. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunOptions } from '../../src/compose/run-case.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { metricsOf } from '../../src/metrics/run-metrics.ts';
import { summaryText } from '../../src/report/summary.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { openTranscriptionServer, type TranscriptionAsked, type TranscriptionServer } from '../../src/testing/transcription-server.ts';
import { caseOf, eventsOf, type WholeRun, WholeRuns } from '../../src/testing/whole-run.ts';

const SAID = ['Hello, this is Sarah. Which plan are you on?', 'We are on the small plan.', 'Thanks for telling me. Goodbye.'];

const scenario = (transcription: string): string => `
title: Real ears
turn: { profile: responsive, strategy: lexical }
max_duration: 1m
transcription: ${transcription}
agents:
  - { name: Sarah, prompt: Ask., script: { lines: ["${SAID[0]}", { say: "${SAID[2]}", end: true }] } }
  - { name: Mike, prompt: Answer., script: { lines: ["${SAID[1]}"] } }
`;

let runs: WholeRuns;
let server: TranscriptionServer;
let onAsked: (asked: TranscriptionAsked, count: number) => void;
let count = 0;

beforeAll(async () => {
  runs = new WholeRuns();
  server = await openTranscriptionServer((asked) => onAsked(asked, ++count));
});

afterEach(() => void (count = 0));

afterAll(async () => {
  await runs.close();
  await server.close();
});

const QUICK = { stt: { timeoutMs: 5000, attempts: 2, firstWaitMs: 1, longestWaitMs: 50 } };

function run(transcription: string, options: Partial<Pick<RunOptions, 'patience' | 'signal'>> = {}): Promise<WholeRun> {
  const secrets = { OPENAI_API_KEY: 'sk-key', OPENAI_BASE_URL: server.openAiUrl, ELEVENLABS_API_KEY: 'key', ELEVENLABS_BASE_URL: server.baseUrl };
  return runs.run(caseOf(scenario(transcription)), { secrets, patience: QUICK, ...options });
}

/** Who was heard to say what. */
function heard({ events }: WholeRun): string[] {
  const fold = foldAll(events);
  return eventsOf(events, 'transcript.published').map(({ participant, text, final }) => `${fold.roster.nameOf(participant)}${final ? '' : ' interim'}: ${text}`);
}

describe('a call that is heard by the world', () => {
  test.each([
    ['openai', 'gpt-4o-transcribe'],
    ['elevenlabs', 'scribe_v2'],
  ])('goes on what %s understood, one request for each stretch of speech', async (provider, model) => {
    onAsked = (asked, n) => asked.hear(SAID[n - 1] ?? '');
    const call = await run(`{ provider: ${provider} }`);
    expect(call.thrown).toBeUndefined();
    expect(call.ending).toEqual({ endedBy: 'end_conversation', agent: 'Sarah' });
    expect(heard(call).slice(0, 2)).toEqual([`Sarah: ${SAID[0]}`, `Mike: ${SAID[1]}`]);
    expect(eventsOf(call.events, 'turn.stopped').slice(0, 2)).toMatchObject([
      { agent: 'Mike', text: SAID[0], by: 'strategy' },
      { agent: 'Sarah', text: SAID[1], by: 'strategy' },
    ]);
    expect(eventsOf(call.events, 'run.started')[0]).toMatchObject({ transcription: provider, transcriptionModel: model });
    expect(logFaults(call.events)).toEqual([]);
    const metrics = metricsOf(foldAll(call.events));
    expect(metrics.invalid).toEqual([]);
    expect(metrics.agents.map(({ word_error }) => word_error.rate)).toEqual([0, 0]);
  });

  test('measures how wrongly it was heard, against what was really said', async () => {
    onAsked = (asked, n) => asked.hear((SAID[n - 1] ?? '').replace('small', 'tall').replace('telling me', ''));
    const call = await run('{ provider: openai }');
    const metrics = metricsOf(foldAll(call.events));
    expect(metrics.agents.map(({ word_error: { substitutions, deletions, words } }) => ({ substitutions, deletions, words }))).toEqual([
      { substitutions: 0, deletions: 2, words: 14 },
      { substitutions: 1, deletions: 0, words: 6 },
    ]);
    const summary = summaryText(foldAll(call.events), { colour: false }).replaceAll(/\s+/g, ' ');
    expect(summary).toContain('word error of Sarah 14 % (14 words), of Mike 17 % (6 words), heard by openai');
    expect(metrics.agents.map(({ usage }) => usage.transcribed_audio_secs > 1)).toEqual([true, true]);
  });

  test('asks again where a try failed, and says so', async () => {
    onAsked = (asked, n) => (n === 1 ? asked.refuse(500, { error: { message: 'no' } }) : asked.hear(SAID[n - 2] ?? ''));
    const call = await run('{ provider: openai }');
    expect(eventsOf(call.events, 'stt.retried')).toMatchObject([{ provider: 'openai', kind: 'server', attempt: 1 }]);
    expect(heard(call)[0]).toBe(`Sarah: ${SAID[0]}`);
    expect(logFaults(call.events)).toEqual([]);
  });

  test('goes on after a stretch that could not be transcribed: the listener asks for it again, and the run is invalid', async () => {
    onAsked = (asked, n) => (n <= 2 ? asked.hangUp() : asked.hear(n === 3 ? 'Pardon?' : 'Fine.'));
    const call = await run('{ provider: openai }');
    expect(eventsOf(call.events, 'stt.failed')).toMatchObject([{ segmentId: expect.stringContaining('sarah') as string, provider: 'openai', kind: 'network' }]);
    expect(eventsOf(call.events, 'turn.stopped')[0]).toMatchObject({ agent: 'Mike', text: '', by: 'watchdog' });
    expect(heard(call)[0]).toMatch(/^Mike: /);
    expect(metricsOf(foldAll(call.events)).invalid.slice(0, 2)).toMatchObject([
      { code: 'provider_failed', agent: 'Sarah' },
      { code: 'unheard', agent: 'Mike' },
    ]);
    expect(logFaults(call.events)).toEqual([]);
  });

  test('is invalid when nothing at all became text', async () => {
    onAsked = (asked) => asked.hangUp();
    const call = await run('{ provider: elevenlabs }');
    const reasons = metricsOf(foldAll(call.events)).invalid;
    expect(reasons.find(({ code }) => code === 'no_transcription')?.text).toMatch(/^elevenlabs transcribed nothing of what was said: the connection to .+ failed/);
    expect(logFaults(call.events)).toEqual([]);
  });

  test('ends at once when the provider refuses for good', async () => {
    onAsked = (asked) => asked.refuse(401, { error: { message: 'no', code: 'invalid_api_key' } });
    const call = await run('{ provider: openai }');
    expect(call.ending).toMatchObject({ endedBy: 'error', reason: expect.stringMatching(/^openai: .+ refused the key \(401, invalid_api_key\); check OPENAI_API_KEY$/) as string });
    expect(server.asked.at(-1)?.headers.authorization).toBe('Bearer sk-key');
    expect(JSON.stringify(call.events)).not.toContain('sk-key');
  });

  test('closes its connections when it is over', async () => {
    const over = new AbortController();
    onAsked = () => over.abort();
    const call = await run('{ provider: openai }', { signal: over.signal });
    expect(call.ending).toEqual({ endedBy: 'cancelled' });
    expect(eventsOf(call.events, 'stt.cancelled').length).toBe(1);
    expect(await server.asked.at(-1)?.closed).toBe(true);
    expect(logFaults(call.events)).toEqual([]);
  });

  test('is not begun with interim text, which it cannot have, nor without a key', async () => {
    expect((await run('{ provider: elevenlabs, interim: true }')).thrown).toMatchObject({ message: expect.stringContaining('which needs a room in real time') as string });
    const keyless = await runs.run(caseOf(scenario('{ provider: openai }')), { secrets: {} });
    expect(String(keyless.thrown)).toContain('the transcription needs OPENAI_API_KEY (put it into .env.local or the environment)');
  });
});
