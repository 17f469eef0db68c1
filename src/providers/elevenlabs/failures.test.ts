import { describe, expect, test } from 'vitest';
import { refused } from './failures.ts';

const asked = { host: 'api.elevenlabs.io', model: 'eleven_turbo_v2_5', voice: 'rachel' };

describe('why a socket closed', () => {
  test.each([
    [1008, 'A voice with voice_id rachel does not exist.', 'not_found', false],
    [1008, 'Invalid API key', 'unauthorized', false],
    [1008, 'This request exceeds your quota. You have 3 credits remaining.', 'quota', false],
    [1008, 'Have not received a new text input within the timeout of 20 seconds. Streaming input terminated.', 'timeout', true],
    [1008, 'We are sorry, something went wrong. You are not charged for this request.', 'server', true],
    [1008, 'voice_settings field must be provided in the first message', 'bad_request', false],
    [1009, '', 'bad_request', false],
    [1011, '', 'server', true],
    [1013, 'Try again later', 'server', true],
  ])('%d %s', (closeCode, words, kind, retryable) => {
    expect(refused({ closeCode, words }, asked)).toMatchObject({ provider: 'elevenlabs', kind, retryable, status: undefined });
  });
});

describe('why a request was refused', () => {
  test.each([
    [401, '', 'unauthorized', false],
    [401, 'quota_exceeded', 'quota', false],
    [403, '', 'unauthorized', false],
    [404, '', 'not_found', false],
    [408, '', 'timeout', true],
    [429, 'system_busy', 'rate_limited', true],
    [500, 'voice not found', 'server', true],
    [503, 'busy', 'rate_limited', true],
    [400, 'voice_not_found', 'not_found', false],
    [418, '', 'bad_request', false],
  ])('%d %s', (status, words, kind, retryable) => {
    expect(refused({ status, words }, asked)).toMatchObject({ kind, retryable, status });
  });

  test('the key, by ElevenLabs itself or by whoever stands in for it, is told apart', () => {
    expect(refused({ status: 401, words: '' }, asked).message).toMatch(/^ElevenLabs refuses the key/);
    expect(refused({ status: 401, words: '' }, { ...asked, host: 'voices.example' }).message).toMatch(/^voices\.example refuses the key/);
  });

  test('what the vendor says is never quoted', () => {
    const words = 'invalid_api_key: sk-0123456789';
    expect(refused({ status: 401, words }, asked).message).not.toContain('sk-');
  });
});
