import { describe, expect, it } from 'vitest';
import { LogBuilder, seatOf } from '../testing/log-builder.ts';
import { compatAggregates } from './compat-aggregates.ts';
import { latencyRecords } from './latency-record.ts';
import { foldAll } from './run-fold.ts';

/** Sarah greets; Mike asks; Sarah answers. Mike's speech truly ends at 5000, Sarah's answer begins at 6400. */
function answeredCall(): LogBuilder {
  return new LogBuilder({ seed: 7, startedAt: '2026-01-05T09:00:00Z' })
    .says('Sarah', { fromMs: 1000, toMs: 3000, text: 'Hello.', cause: 'kickoff' })
    .says('Mike', { fromMs: 4000, toMs: 5000, text: 'What does it cost?' })
    .at(4200, { type: 'vad.speech_started', agent: 'Sarah', participant: seatOf('Mike'), audioMs: 4190 })
    .at(4200, { type: 'turn.started', agent: 'Sarah', turnId: 't1', by: 'vad', whileSpeaking: false })
    .at(5220, { type: 'vad.speech_stopped', agent: 'Sarah', participant: seatOf('Mike'), audioMs: 5210, silenceMs: 200, rescued: false })
    .at(5300, { type: 'turn.judged', agent: 'Sarah', turnId: 't1', strategy: 'lexical', complete: true })
    .at(5300, { type: 'turn.stopped', agent: 'Sarah', turnId: 't1', text: 'what does it cost', by: 'strategy', speechEndMs: 5020 })
    .at(5300, { type: 'context.appended', agent: 'Sarah', role: 'user', text: 'what does it cost' })
    .at(5301, { type: 'reply.started', agent: 'Sarah', replyId: 'r2', turnId: 't1', cause: 'turn', kind: 'reply' })
    .at(5301, { type: 'llm.requested', agent: 'Sarah', replyId: 'r2', requestId: 'q1', messageCount: 3 })
    .at(5801, { type: 'llm.first_token', agent: 'Sarah', replyId: 'r2', requestId: 'q1', ttftMs: 500.125 })
    .at(6001, { type: 'llm.completed', agent: 'Sarah', replyId: 'r2', requestId: 'q1', text: 'Ten dollars. Or twelve.', durationMs: 700, promptTokens: 40, completionTokens: 6 })
    .at(5901, { type: 'tts.requested', agent: 'Sarah', utteranceId: 'u2', voice: 'v' })
    .at(6051, { type: 'tts.first_audio', agent: 'Sarah', utteranceId: 'u2', ttfbMs: 150 })
    .at(6200, { type: 'tts.completed', agent: 'Sarah', utteranceId: 'u2', durationMs: 299, audioMs: 1800, characters: 23 })
    .at(6060, { type: 'utterance.started', agent: 'Sarah', utteranceId: 'u2', replyId: 'r2', kind: 'reply' })
    .at(6700, { type: 'wire.speech_started', participant: seatOf('Sarah'), startMs: 6400 })
    .at(7500, {
      type: 'utterance.stopped',
      agent: 'Sarah',
      utteranceId: 'u2',
      replyId: 'r2',
      kind: 'reply',
      cut: true,
      words: [
        { text: 'Ten', startMs: 6400, endMs: 6800 },
        { text: 'dollars.', startMs: 6800, endMs: 7400 },
      ],
    })
    .at(7500, { type: 'reply.stopped', agent: 'Sarah', replyId: 'r2', outcome: 'interrupted', heard: 'Ten dollars.', unheard: 'Or twelve.' })
    .at(7800, { type: 'wire.speech_stopped', participant: seatOf('Sarah'), startMs: 6400, endMs: 7480 });
}

const recordsOf = (builder: LogBuilder, agent: string) => latencyRecords(foldAll(builder.build())).filter(({ agent_name }) => agent_name === agent);

describe('latencyRecords', () => {
  it('gives one reply everything that its own stages and the wire tell of it', () => {
    expect(recordsOf(answeredCall(), 'Sarah')[1]).toEqual({
      session_id: 'Sarah-7',
      agent_name: 'Sarah',
      turn_index: 1,
      input: 'what does it cost',
      output: 'Ten dollars. Or twelve.',
      ttfb: 500.12,
      llm_duration: 700,
      tts_duration: 299,
      user_bot_latency: 840,
      e2e_latency: 840,
      ts: 1767603607.5,
      reply_id: 'r2',
      ttft: 500.12,
      tts_ttfb: 150,
      vad_stop_secs: 0.2,
      end_of_turn_delay: 300,
      transcription_delay: 250,
      perceived_latency: 1400,
      interrupted: true,
      spoken_output: 'Ten dollars.',
    });
  });

  it('knows no latencies of a greeting', () => {
    expect(recordsOf(answeredCall(), 'Sarah')[0]).toMatchObject({
      turn_index: 0,
      input: '',
      ttfb: null,
      user_bot_latency: null,
      end_of_turn_delay: null,
      perceived_latency: null,
      interrupted: false,
    });
  });

  it('answers what was heard once: a second reply to the same turn has neither its input nor its latency', () => {
    const call = answeredCall().says('Sarah', { fromMs: 8500, toMs: 9000, text: 'Twelve it is.', turnId: 't1', cause: 'tool_result' });
    expect(recordsOf(call, 'Sarah')[2]).toMatchObject({ turn_index: 2, input: '', user_bot_latency: null, end_of_turn_delay: null, perceived_latency: null });
  });

  it('takes amended words instead of those that they amend', () => {
    const call = answeredCall().at(5500, { type: 'context.amended', agent: 'Sarah', role: 'user', text: 'what does it cost today' });
    expect(recordsOf(call, 'Sarah')[1]?.input).toBe('what does it cost today');
  });

  it('takes of words that came late to what was answered only those', () => {
    const late = answeredCall()
      .at(7000, { type: 'context.amended', agent: 'Sarah', role: 'user', text: 'what does it cost today' })
      .at(7100, { type: 'context.amended', agent: 'Sarah', role: 'user', text: 'what does it cost today in all' })
      .says('Sarah', { fromMs: 8500, toMs: 9000, text: 'Twelve it is.', cause: 'late_text' });
    expect(recordsOf(late, 'Sarah').map(({ input }) => input)).toEqual(['', 'what does it cost', 'today in all']);
  });

  it('writes no record of a reply that never made a sound', () => {
    const call = answeredCall()
      .at(5230, { type: 'reply.started', agent: 'Sarah', replyId: 'r1', turnId: 't1', cause: 'turn', kind: 'reply' })
      .at(5240, { type: 'reply.stopped', agent: 'Sarah', replyId: 'r1', outcome: 'abandoned', heard: '', unheard: '' });
    expect(recordsOf(call, 'Sarah').map(({ reply_id }) => reply_id)).toEqual(['reply-0', 'r2']);
  });

  it('forgets a VAD stop when the peer speaks on, and the delays of a turn that it broke off itself', () => {
    const call = answeredCall()
      .at(6000, { type: 'vad.speech_started', agent: 'Sarah', participant: seatOf('Mike'), audioMs: 5990 })
      .at(5300, { type: 'turn.stopped', agent: 'Sarah', turnId: 't1', text: 'what', by: 'barge_in', speechEndMs: null });
    expect(recordsOf(call, 'Sarah')[1]).toMatchObject({ user_bot_latency: null, vad_stop_secs: null, end_of_turn_delay: null });
  });

  it('reports the request that was answered when an earlier one failed', () => {
    const call = answeredCall()
      .at(5250, { type: 'llm.requested', agent: 'Sarah', replyId: 'r2', requestId: 'q0', messageCount: 3 })
      .at(5260, { type: 'llm.failed', agent: 'Sarah', replyId: 'r2', requestId: 'q0', provider: 'x', kind: 'server', message: 'no' });
    expect(recordsOf(call, 'Sarah')[1]?.ttft).toBe(500.12);
  });
});

describe('compatAggregates', () => {
  it('gives the mean and the 95th percentile of what is known, and null of nothing', () => {
    expect(compatAggregates(recordsOf(answeredCall(), 'Sarah'))).toEqual({
      ttfb: { avg: 500.12, p95: 500.12 },
      llm: { avg: 700, p95: 700 },
      tts: { avg: 299, p95: 299 },
      e2e: { avg: 840, p95: 840 },
      user_bot_latency: { avg: 840, p95: 840 },
    });
    expect(compatAggregates([]).ttfb).toEqual({ avg: null, p95: null });
  });
});
