import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { foldAll } from './run-fold.ts';

describe('usage', () => {
  const request = { agent: 'Sarah', replyId: 'r', requestId: 'q' };

  it('tells requests without token figures from requests without tokens', () => {
    const log = new LogBuilder()
      .at(1, { type: 'llm.requested', ...request, messageCount: 1 })
      .at(2, { type: 'llm.completed', ...request, text: '', durationMs: 1, promptTokens: null, completionTokens: null })
      .at(3, { type: 'llm.requested', ...request, messageCount: 1 })
      .at(4, { type: 'llm.completed', ...request, text: '', durationMs: 1, promptTokens: 10, completionTokens: 0 })
      .at(5, { type: 'llm.requested', ...request, messageCount: 1 })
      .at(6, { type: 'llm.cancelled', ...request });
    expect(foldAll(log.build()).usage.get('Sarah')).toMatchObject({ llm_requests: 3, llm_unmetered_requests: 2, prompt_tokens: 10, completion_tokens: 0 });
  });

  it('counts tries that were followed by another, apart from requests', () => {
    const failed = { provider: 'x', kind: 'server', message: 'oops', retryInMs: 400 };
    const log = new LogBuilder()
      .at(1, { type: 'llm.requested', ...request, messageCount: 1 })
      .at(2, { type: 'llm.retried', ...request, ...failed, attempt: 1 })
      .at(3, { type: 'llm.retried', ...request, ...failed, attempt: 2 })
      .at(4, { type: 'tts.requested', agent: 'Sarah', utteranceId: 'u', voice: 'v' })
      .at(5, { type: 'tts.retried', agent: 'Sarah', utteranceId: 'u', ...failed, attempt: 1 });
    expect(foldAll(log.build()).usage.get('Sarah')).toMatchObject({ llm_requests: 1, llm_retries: 2, tts_requests: 1, tts_retries: 1 });
  });

  it('counts the characters that were sent to the voice, heard or not', () => {
    const log = new LogBuilder()
      .says('Sarah', { fromMs: 0, toMs: 500, text: 'One', intended: 'One two.', cut: true })
      .at(600, { type: 'tts.completed', agent: 'Sarah', utteranceId: 'utterance-0', durationMs: 400, audioMs: 900, characters: 8 });
    expect(foldAll(log.build()).usage.get('Sarah')).toMatchObject({ tts_requests: 1, tts_characters: 8, tts_audio_secs: 0.9, spoken_words: 1 });
    expect(foldAll(log.build()).usage.get('Mike')).toMatchObject({ tts_characters: 0 });
  });

  it('counts the cached part of the prompt where the provider tells it', () => {
    const done = { text: '', durationMs: 1, promptTokens: 1200, completionTokens: 5 };
    const log = new LogBuilder()
      .at(1, { type: 'llm.requested', ...request, messageCount: 1 })
      .at(2, { type: 'llm.completed', ...request, ...done, cachedPromptTokens: 1024 })
      .at(3, { type: 'llm.requested', ...request, messageCount: 1 })
      .at(4, { type: 'llm.completed', ...request, ...done });
    expect(foldAll(log.build()).usage.get('Sarah')).toMatchObject({ prompt_tokens: 2400, cached_prompt_tokens: 1024 });
  });

  it('counts the speech that a provider listened to for whoever spoke', () => {
    const speech = { startMs: 0, endMs: 2300 };
    const log = new LogBuilder()
      .at(2500, { type: 'stt.requested', participant: 'mike-1', segmentId: 'mike-1-s1', ...speech, audioMs: 2500 })
      .at(5000, { type: 'stt.requested', participant: 'mike-1', segmentId: 'mike-1-s2', ...speech, audioMs: 1500 });
    expect(foldAll(log.build()).usage.get('Mike')).toMatchObject({ transcribed_audio_secs: 4 });
    expect(foldAll(log.build()).usage.get('Sarah')).toMatchObject({ transcribed_audio_secs: 0 });
  });

  it('counts minutes in the room by seat, whoever has left and whoever is still there', () => {
    const log = new LogBuilder()
      .at(30_000, { type: 'participant.left', participant: 'mike-1', name: 'Mike', reason: 'line dropped' })
      .at(60_000, { type: 'participant.joined', participant: 'mike-2', name: 'Mike' })
      .at(60_000, { type: 'participant.joined', participant: 'guest', name: 'Zoe' })
      .at(90_000, { type: 'warning.raised', message: 'the log ends here' });
    const minutes = [...foldAll(log.build()).usage].map(([name, usage]) => [name, usage.room_minutes]);
    expect(minutes).toEqual([['Sarah', 1.5], ['Mike', 1], ['Zoe', 0.5]]);
  });
});
