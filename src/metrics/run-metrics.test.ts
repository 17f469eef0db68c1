import { describe, expect, it } from 'vitest';
import { toJsonLine, parseEventLog } from '../events/jsonl.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { runMetrics } from './run-metrics.ts';

describe('runMetrics', () => {
  it('gives a run that was read back from its file the same figures', () => {
    const events = sampleCall();
    const readBack = parseEventLog(events.map(toJsonLine).join(''), 'events.jsonl');
    expect(JSON.stringify(runMetrics(readBack))).toBe(JSON.stringify(runMetrics(events)));
  });

  it('says of the call what it was and how it ended', () => {
    expect(runMetrics(sampleCall())).toMatchObject({
      schema: 1,
      scenario: 'A sales call',
      seed: 7,
      complete: true,
      ended_by: 'goodbye',
      ended_by_agent: 'Sarah',
      conversation: { turns: 10, utterances: 12, interruptions: 1 },
    });
  });

  it('counts for each agent its turns, its kinds of speech and what it consumed', () => {
    const [sarah, mike] = runMetrics(sampleCall()).agents;
    expect(sarah).toMatchObject({ name: 'Sarah', session_id: 'Sarah-7', turns: 5, replies: 5, cut_off: 1 });
    expect(mike).toMatchObject({ turns: 5, cut_off: 0, utterances: { reply: 4, barge_in: 1, backchannel: 1, tic: 0, aside: 1 } });
    expect(sarah?.usage).toMatchObject({ llm_requests: 5, llm_unmetered_requests: 0, prompt_tokens: 600, completion_tokens: 120, tool_calls: 1 });
    expect(sarah?.word_error).toMatchObject({ rate: 0, words: 82 });
  });

  it('measures what was heard beside what was reported, under their own names', () => {
    const [, mike] = runMetrics(sampleCall()).agents;
    expect(mike?.heard.response_latency).toMatchObject({ n: 5, p50: 1120, min: -620, max: 1430 });
    expect(mike?.reported.end_of_turn_delay).toMatchObject({ n: 4 });
    expect(mike?.reported.vad_stop).toMatchObject({ avg: 200 });
  });

  it('holds every figure of a run that was killed, and says that it is not complete', () => {
    const half = sampleCall({ turns: 4 });
    expect(runMetrics(half)).toMatchObject({ complete: false, ended_by: null, conversation: { turns: 4 } });
  });

  it('has figures for a call in which nothing was said', () => {
    const [sarah] = runMetrics(new LogBuilder().at(15_000, { type: 'run.ended', endedBy: 'inactivity' }).build()).agents;
    expect(sarah).toMatchObject({ turns: 0, heard: { turn_taking_score: null, talk_ratio: null }, word_error: { rate: null } });
  });

  it('contains no figure that JSON cannot hold', () => {
    const strange: string[] = [];
    JSON.stringify(runMetrics(sampleCall()), (key, value: unknown) => {
      if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) strange.push(`${key}: ${value}`);
      return value;
    });
    expect(strange).toEqual([]);
  });
});
