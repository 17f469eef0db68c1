/** Whole calls in the embedded room with brains and voices of the world, over real sockets of this machine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { type Machinery, openMachinery } from '../../src/compose/machinery.ts';
import { runCase } from '../../src/compose/run-case.ts';
import type { Secrets } from '../../src/compose/secrets.ts';
import type { BottalkEvent, EventOf, EventType } from '../../src/events/event.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { invalidReasons } from '../../src/metrics/validity.ts';
import { Recorder } from '../../src/room/recorder.ts';
import type { Ending } from '../../src/run/conversation.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../src/testing/chat-server.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { caseOf } from '../../src/testing/whole-run.ts';
import { talk } from './live-run.ts';

const SCENARIO = `
title: Live
turn: { profile: responsive }
max_duration: 2m
agents:
  - { name: Sarah, prompt: You are Sarah., voice: { elevenlabs: rachel }, llm: { provider: openai }, tts: { provider: elevenlabs } }
  - { name: Mike, prompt: You are Mike., voice: { elevenlabs: josh }, llm: { provider: openai }, tts: { provider: elevenlabs } }
`;

let machinery: Machinery;
let chat: ChatServer;
let speech: ElevenLabsServer;
let onTurn: (turn: ChatTurn) => void;

beforeAll(async () => {
  machinery = openMachinery({ wall });
  chat = await openChatServer((turn) => onTurn(turn));
  speech = await ElevenLabsServer.start();
});

afterAll(async () => {
  await machinery.close();
  await chat.close();
  await speech.close();
});

type LiveRun = { readonly ending: Ending; readonly events: readonly BottalkEvent[] };

async function run(secrets: Secrets): Promise<LiveRun> {
  const events: BottalkEvent[] = [];
  const { ending } = await runCase(caseOf(SCENARIO), {
    wall,
    machinery,
    secrets,
    recorder: new Recorder(),
    sinks: [{ event: (event) => void events.push(event) }],
  });
  return { ending, events };
}

const keys = (): Secrets => ({
  OPENAI_API_KEY: 'a-key-that-must-not-show',
  OPENAI_BASE_URL: chat.baseUrl,
  ELEVENLABS_API_KEY: speech.apiKey,
  ELEVENLABS_BASE_URL: speech.baseUrl,
});

const all = <T extends EventType>({ events }: LiveRun, type: T): EventOf<T>[] => events.filter((event): event is EventOf<T> => event.type === type);

describe('two agents with OpenAI brains and ElevenLabs voices', () => {
  test('hold a conversation and end it by the tool', async () => {
    onTurn = talk;
    const live = await run(keys());
    expect(live.ending).toEqual({ endedBy: 'end_conversation', agent: 'Sarah' });
    expect(all(live, 'reply.stopped').filter(({ heard }) => heard !== '').map(({ agent, heard }) => `${agent}: ${heard}`)).toEqual([
      'Sarah: Hello, this is Sarah. Do you have a minute?',
      'Mike: Sure, go ahead.',
      'Sarah: That is all. Thank you and goodbye.',
    ]);
    expect(all(live, 'run.started')[0]?.agents).toMatchObject([
      { llm: 'openai', llmModel: 'gpt-4o', tts: 'elevenlabs', ttsModel: 'eleven_turbo_v2_5', voice: 'rachel' },
      { llm: 'openai', llmModel: 'gpt-4o', tts: 'elevenlabs', ttsModel: 'eleven_turbo_v2_5', voice: 'josh' },
    ]);
    expect(invalidReasons(foldAll(live.events))).toEqual([]);
    expect(logFaults(live.events)).toEqual([]);
    expect(JSON.stringify(live.events)).not.toContain('a-key-that-must-not-show');
  });

  test('end the run at once when the brain is refused, and say what the matter is', async () => {
    onTurn = (turn) => turn.refuse(401, { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' });
    const live = await run(keys());
    expect(all(live, 'llm.failed')[0]).toMatchObject({ agent: 'Sarah', provider: 'openai', kind: 'unauthorized' });
    expect(live.ending).toEqual({ endedBy: 'error', agent: 'Sarah', reason: expect.stringMatching(/^openai: .* refused the key .*; check OPENAI_API_KEY$/) as string });
    expect(invalidReasons(foldAll(live.events))).toMatchObject([{ code: 'provider_failed', agent: 'Sarah', text: expect.stringMatching(/^Sarah's brain failed: .*; check OPENAI_API_KEY$/) as string }]);
    expect(logFaults(live.events)).toEqual([]);
  });

  test('are not begun without the keys that they need', async () => {
    await expect(run({ ...keys(), ELEVENLABS_API_KEY: '' })).rejects.toThrow("Sarah's voice needs ELEVENLABS_API_KEY");
    const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...rest } = keys();
    await expect(run(rest)).rejects.toThrow("Sarah's brain needs OPENAI_API_KEY (put it into .env.local or the environment)");
  });

  test('are not begun when the voice refuses the key', async () => {
    const live = await run({ ...keys(), ELEVENLABS_API_KEY: 'wrong' });
    expect(live.ending).toEqual({ endedBy: 'error', agent: 'Sarah', reason: expect.stringMatching(/^elevenlabs: .*check ELEVENLABS_API_KEY \(401\)$/) as string });
    expect(all(live, 'participant.joined')).toEqual([]);
  });
});
