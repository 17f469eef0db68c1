import { describe, expect, it } from 'vitest';
import { LogBuilder, seatOf } from '../testing/log-builder.ts';
import { sampleCall } from '../testing/sample-call.ts';
import type { BottalkEvent } from '../events/event.ts';
import { MessageFold } from './message-fold.ts';
import type { MetricsMessage } from './metrics-message.ts';

/** Sarah greets; Mike asks; Sarah's first request fails late, her second is answered, and Mike cuts her off. */
function answeredCall(): LogBuilder {
  const sarah = { agent: 'Sarah', replyId: 'r2' } as const;
  return new LogBuilder()
    .says('Sarah', { fromMs: 1000, toMs: 3000, text: 'Hello.', cause: 'kickoff', replyId: 'r1' })
    .says('Mike', { fromMs: 4000, toMs: 5000, text: 'What does it cost?', replyId: 'm1' })
    .at(4200, { type: 'vad.speech_started', agent: 'Sarah', participant: seatOf('Mike'), audioMs: 4190 })
    .at(5220, { type: 'vad.speech_stopped', agent: 'Sarah', participant: seatOf('Mike'), audioMs: 5210, silenceMs: 200, rescued: false })
    .at(5300, { type: 'turn.stopped', agent: 'Sarah', turnId: 't1', text: 'what does it cost', by: 'strategy', speechEndMs: 5020 })
    .at(5300, { type: 'context.appended', agent: 'Sarah', role: 'user', text: 'what does it cost' })
    .at(5301, { type: 'reply.started', ...sarah, turnId: 't1', cause: 'turn', kind: 'reply' })
    .at(5301, { type: 'llm.requested', ...sarah, requestId: 'q1', messageCount: 3 })
    .at(5400, { type: 'llm.cancelled', ...sarah, requestId: 'q1' })
    .at(5401, { type: 'llm.requested', ...sarah, requestId: 'q2', messageCount: 3 })
    .at(5801, { type: 'llm.first_token', ...sarah, requestId: 'q2', ttftMs: 400.125 })
    .at(5901, { type: 'tts.requested', agent: 'Sarah', utteranceId: 'u2', voice: 'v' })
    .at(6001, { type: 'llm.completed', ...sarah, requestId: 'q2', text: 'Ten dollars. Or twelve.', durationMs: 600, promptTokens: 40, completionTokens: 6 })
    .at(6051, { type: 'tts.first_audio', agent: 'Sarah', utteranceId: 'u2', ttfbMs: 150 })
    .at(6060, { type: 'utterance.started', ...sarah, utteranceId: 'u2', kind: 'reply' })
    .at(6200, { type: 'tts.completed', agent: 'Sarah', utteranceId: 'u2', durationMs: 299, audioMs: 1800, characters: 23 })
    .at(6400, { type: 'wire.speech_started', participant: seatOf('Sarah'), startMs: 6400 })
    .at(7200, { type: 'vad.speech_started', agent: 'Sarah', participant: seatOf('Mike'), audioMs: 7190 })
    .at(7500, { type: 'utterance.stopped', ...sarah, utteranceId: 'u2', kind: 'reply', cut: true, words: [{ text: 'Ten', startMs: 6400, endMs: 6800 }] })
    .at(7500, { type: 'reply.stopped', ...sarah, outcome: 'interrupted', heard: 'Ten', unheard: 'dollars. Or twelve.' });
}

function messagesOf(events: readonly BottalkEvent[], agent?: string): MetricsMessage[] {
  const fold = new MessageFold();
  return events.flatMap((event) => fold.event(event)).filter((message) => agent === undefined || message.agent === agent);
}

function summaryOf(events: readonly BottalkEvent[], agent: string): string {
  const fold = new MessageFold();
  for (const event of events) fold.event(event);
  return JSON.stringify(fold.summaryOf(agent));
}

describe('MessageFold', () => {
  it('tells each stage when it happens, and the turn when it is over, in seconds', () => {
    expect(messagesOf(answeredCall().build(), 'Sarah').map((message) => JSON.stringify(message))).toEqual([
      '{"agent":"Sarah","atMs":3000,"body":{"type":"turn","turn":1,"input":"","output":"Hello.","e2e":null,"reply_id":"r1",' +
        '"vad_stop_secs":null,"perceived_latency":null,"interrupted":false,"spoken_output":"Hello."}}',
      '{"agent":"Sarah","atMs":5801,"body":{"type":"ttfb","processor":"ScriptLLMService#0","value":0.40012}}',
      '{"agent":"Sarah","atMs":6001,"body":{"type":"processing","processor":"ScriptLLMService#0","value":0.6}}',
      '{"agent":"Sarah","atMs":6051,"body":{"type":"ttfb","processor":"OfflineTTSService#0 (flite)","value":0.15}}',
      '{"agent":"Sarah","atMs":6060,"body":{"type":"e2e","value":0.84,"reply_id":"r2"}}',
      '{"agent":"Sarah","atMs":6200,"body":{"type":"processing","processor":"OfflineTTSService#0 (flite)","value":0.299}}',
      '{"agent":"Sarah","atMs":7200,"body":{"type":"interruption","count":1}}',
      '{"agent":"Sarah","atMs":7500,"body":{"type":"turn","turn":2,"input":"what does it cost","output":"Ten dollars. Or twelve.","e2e":0.84,"reply_id":"r2",' +
        '"vad_stop_secs":0.2,"perceived_latency":1.4,"interrupted":true,"spoken_output":"Ten"}}',
    ]);
  });

  it('sums up what it told, and has nothing to say of an agent that measured nothing', () => {
    expect(summaryOf(answeredCall().build(), 'Sarah')).toBe(
      '{"ttfb":{"ScriptLLMService#0":{"avg":0.40012,"p50":0.40012,"p95":0.40012,"min":0.40012,"max":0.40012,"n":1},' +
        '"OfflineTTSService#0 (flite)":{"avg":0.15,"p50":0.15,"p95":0.15,"min":0.15,"max":0.15,"n":1}},' +
        '"processing":{"ScriptLLMService#0":{"avg":0.6,"p50":0.6,"p95":0.6,"min":0.6,"max":0.6,"n":1},' +
        '"OfflineTTSService#0 (flite)":{"avg":0.299,"p50":0.299,"p95":0.299,"min":0.299,"max":0.299,"n":1}},' +
        '"e2e":{"avg":0.84,"p50":0.84,"p95":0.84,"min":0.84,"max":0.84,"n":1}}',
    );
    expect(new MessageFold().summaryOf('Sarah')).toBeUndefined();
    const quiet = new MessageFold();
    for (const event of new LogBuilder().build()) quiet.event(event);
    expect(quiet.summaryOf('Sarah')).toBeUndefined();
  });

  it('takes the 95th percentile as sorted[floor(n * 0.95)] and the true median', () => {
    const log = new LogBuilder();
    for (const n of Array(20).keys()) {
      const request = { agent: 'Mike', replyId: `r${n}`, requestId: `q${n}` };
      log.at(1000 * n, { type: 'llm.first_token', ...request, ttftMs: 100 * (n + 1) });
    }
    const { ttfb } = JSON.parse(summaryOf(log.build(), 'Mike')) as { ttfb: object };
    expect(ttfb).toEqual({ 'ScriptLLMService#0': { avg: 1.05, p50: 1.05, p95: 2, min: 0.1, max: 2, n: 20 } });
  });

  it('tells of no stage of a request that was called off', () => {
    const log = new LogBuilder()
      .at(1000, { type: 'llm.requested', agent: 'Mike', replyId: 'r', requestId: 'q', messageCount: 2 })
      .at(1200, { type: 'llm.cancelled', agent: 'Mike', replyId: 'r', requestId: 'q' })
      .at(1000, { type: 'tts.requested', agent: 'Mike', utteranceId: 'u', voice: 'v' })
      .at(1200, { type: 'tts.cancelled', agent: 'Mike', utteranceId: 'u' });
    expect(messagesOf(log.build())).toEqual([]);
  });

  it('counts as an interruption only what begins while the agent itself speaks', () => {
    const told = messagesOf(sampleCall()).filter(({ body }) => body.type === 'interruption');
    expect(told).toEqual([{ agent: 'Sarah', atMs: 29_020, body: { type: 'interruption', count: 1 } }]);
  });

  it('keeps every figure with the turn that it belongs to', () => {
    const told = messagesOf(sampleCall());
    for (const { agent, body } of told) {
      if (body.type !== 'turn') continue;
      const e2e = told.find((other) => other.agent === agent && other.body.type === 'e2e' && other.body.reply_id === body.reply_id);
      const value = e2e?.body.type === 'e2e' ? e2e.body.value : null;
      expect(value).toBe(body.e2e);
    }
    expect(told.filter(({ body }) => body.type === 'turn')).toHaveLength(10);
  });

  it('labels services as Pipecat does', () => {
    const [started, ...rest] = new LogBuilder().at(500, { type: 'llm.first_token', agent: 'Mike', replyId: 'r', requestId: 'q', ttftMs: 1 }).build();
    if (started?.type !== 'run.started') throw new Error('no start');
    const live = { llm: 'openai', llmModel: 'gpt-4o', tts: 'elevenlabs', ttsModel: 'eleven_turbo_v2_5' };
    const agents = started.agents.map((agent) => ({ ...agent, ...live }));
    const told = messagesOf([{ ...started, agents }, ...rest]);
    expect(told.map(({ body }) => body)).toEqual([{ type: 'ttfb', processor: 'OpenAILLMService#0 (gpt-4o)', value: 0.001 }]);
  });
});
