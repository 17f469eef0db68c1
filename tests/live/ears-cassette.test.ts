/** A call that the world hears and judges, recorded over real sockets, and played without any. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { openCassette } from '../../src/compose/open-cassette.ts';
import { recordRun, type RecordOptions } from '../../src/compose/record-run.ts';
import { parseEventLog } from '../../src/events/jsonl.ts';
import { openChatServer } from '../../src/testing/chat-server.ts';
import { withoutNetwork } from '../../src/testing/no-network.ts';
import { openTranscriptionServer } from '../../src/testing/transcription-server.ts';
import { BUSY, caseOf, eventsOf } from '../../src/testing/whole-run.ts';

const SAID = ['Hello, this is Sarah. Which plan are you on?', 'We are on the small plan.', 'Thanks for telling me. Goodbye.'];

const scenario = (baseUrl: string): string => `
title: Heard and judged
turn: { profile: responsive, strategy: llm }
max_duration: 1m
transcription: { provider: openai, base_url: "${baseUrl}" }
agents:
  - { name: Sarah, prompt: Ask., script: { lines: ["${SAID[0]}", { say: "${SAID[2]}", end: true }] } }
  - { name: Mike, prompt: Answer., script: { lines: ["${SAID[1]}"] } }
`;

let root: string;
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'bottalk-ears-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function run(text: string, name: string, options: Partial<RecordOptions>): Promise<string> {
  const folder = join(root, name);
  const quiet = { sinks: [], onWarning: () => {}, version: 'test', cacheFolder: join(root, 'cache'), modelFolder: join(root, 'models') };
  const { failure } = await recordRun(caseOf(text), { ...quiet, wall, folder, patience: BUSY, ...options });
  if (failure !== undefined) throw failure;
  return folder;
}

test('is the same to the byte, text, verdicts and retries included', async () => {
  let heard = 0;
  let refused = false;
  const ears = await openTranscriptionServer((asked) => {
    if (refused) return asked.hear(SAID[heard++] ?? '');
    refused = true;
    asked.refuse(503, { error: { message: 'overloaded' } }, { 'retry-after-ms': '20' });
  });
  const judge = await openChatServer((turn) => turn.answer(/[.?]\nHave they/.test(turn.body.messages.at(-1)?.content ?? '') ? 'yes' : 'no'));
  const text = scenario(ears.openAiUrl);
  const recorded = await run(text, 'recorded', { secrets: { OPENAI_API_KEY: 'sk-key', OPENAI_BASE_URL: judge.baseUrl } });
  await ears.close();
  await judge.close();
  const events = parseEventLog(readFileSync(join(recorded, 'events.jsonl'), 'utf8'), 'events.jsonl');
  expect(eventsOf(events, 'stt.retried').length).toBe(1);
  expect(eventsOf(events, 'turn.stopped').slice(0, 2)).toMatchObject([{ text: SAID[0], by: 'strategy' }, { text: SAID[1], by: 'strategy' }]);
  expect(eventsOf(events, 'judge.completed').length).toBeGreaterThan(1);
  const replay = { ...(await openCassette(recorded)), mode: 'strict' } as const;
  const played = await withoutNetwork(() => run(text, 'played', { replay }));
  for (const name of ['events.jsonl', 'audio.wav', 'transcript.txt', 'metrics.json']) {
    expect(readFileSync(join(played, name), 'latin1')).toBe(readFileSync(join(recorded, name), 'latin1'));
  }
});
