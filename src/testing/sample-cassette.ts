/** A small recorded call: two requests of Sarah's brain, one with a failed try, and a reply of hers that was cut. */
import type { Cassette } from '../providers/cassette/cassette.ts';

export const SAMPLE_SOUND = Int16Array.from({ length: 3200 }, (_, i) => Math.round(8000 * Math.sin(i / 7) + 300 * Math.sin(i * i)));

const system = { role: 'system', text: 'You are Sarah.' } as const;
const hello = { role: 'assistant', text: 'Hello there.' } as const;
const chat = { provider: 'openai', model: 'gpt-4o', settings: { temperature: 0.7 }, tools: [{ name: 'look_up', description: 'Looks up.', parameters: {} }] };
const failure = { provider: 'openai', kind: 'server', message: 'the server failed (503)', retryable: true, status: 503 } as const;
const usage = { promptTokens: 20, completionTokens: 4 };

export const SAMPLE_CASSETTE: Cassette = {
  header: {
    bottalk: '0.0.0',
    title: 'Sample',
    seed: 7,
    agents: [
      { name: 'Sarah', llm: 'openai', llmModel: 'gpt-4o', tts: 'elevenlabs', ttsModel: 'eleven_turbo_v2_5', voice: 'rachel' },
      { name: 'Mike', llm: 'script', llmModel: '', tts: 'offline', ttsModel: 'flite', voice: 'ross' },
    ],
  },
  calls: [
    {
      kind: 'llm',
      agent: 'Sarah',
      atMs: 0,
      request: { ...chat, messages: [system] },
      pieces: [
        { offsetMs: 12.5, value: { kind: 'retrying', attempt: 1, retryInMs: 400, failure } },
        { offsetMs: 450, value: { kind: 'text', text: 'Hello there.' } as never },
        { offsetMs: 460.001, value: { kind: 'usage', usage } as never },
        { offsetMs: 460.001, value: { kind: 'ended' } },
      ],
    },
    {
      kind: 'speech',
      agent: 'Sarah',
      atMs: 450,
      request: { provider: 'elevenlabs', model: 'eleven_turbo_v2_5', voice: 'rachel', sentences: ['Hello there.'] },
      pieces: [
        { offsetMs: 100, value: { kind: 'sound', samples: SAMPLE_SOUND.subarray(0, 1600), words: [{ text: 'Hello', startSample: 0, endSample: 1500 }] } as never },
        { offsetMs: 130.25, value: { kind: 'sound', samples: SAMPLE_SOUND.subarray(1600), words: [{ text: 'there.', startSample: 0, endSample: 1600 }] } as never },
      ],
      givenUpMs: 170,
    },
    {
      kind: 'llm',
      agent: 'Sarah',
      atMs: 2000,
      request: { ...chat, messages: [system, hello, { role: 'user', text: 'how much is it' }] },
      pieces: [{ offsetMs: 300, value: { kind: 'failed', failure: { ...failure, retryable: false } } }],
    },
  ],
};
