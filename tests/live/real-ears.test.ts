/** Whole calls in the embedded room whose words are heard by a transcription of the world, over real sockets. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunOptions } from '../../src/compose/run-case.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { metricsOf } from '../../src/metrics/run-metrics.ts';
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
});
