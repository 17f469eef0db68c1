import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { foldAll } from './run-fold.ts';
import { latencyScore, overlapScore, turnScores, turnTakingScore, yieldScore } from './turn-taking-score.ts';

describe('latencyScore', () => {
  it.each([
    [-600, 0],
    [-500, 0],
    [0, 0.5],
    [200, 0.7],
    [500, 1],
    [2000, 1],
    [2750, 0.5],
    [3000, 0.33],
    [3500, 0],
    [9000, 0],
  ])('gives an answer after %d ms %d', (latencyMs, score) => expect(latencyScore(latencyMs, false)).toBeCloseTo(score, 2));

  it.each([
    [3000, 1],
    [3500, 0.75],
    [4000, 0.5],
    [5000, 0],
  ])('allows a turn with a tool call more: %d ms give %d', (latencyMs, score) => expect(latencyScore(latencyMs, true)).toBeCloseTo(score, 2));
});

describe('overlapScore', () => {
  it.each([
    [500, 0.375],
    [1000, 0.25],
    [2000, 0],
    [2500, 0],
  ])('takes off for %d ms of talking over: %d', (overlapMs, score) => {
    expect(overlapScore({ overlapMs, segments: 1, gapMs: null }, false)).toBeCloseTo(score, 3);
  });

  it.each([
    [1, 0.5],
    [2, 0.25],
    [3, 0],
    [4, 0],
  ])('takes off for %d segments: %d', (segments, score) => {
    expect(overlapScore({ overlapMs: 0, segments, gapMs: null }, false)).toBeCloseTo(score, 3);
  });

  it('counts the silence after the peer when it is worse than both', () => {
    expect(overlapScore({ overlapMs: 100, segments: 1, gapMs: 3000 }, false)).toBeCloseTo(0.333, 3);
  });
});

describe('yieldScore', () => {
  it.each([
    [600, 0.7],
    [1000, 0.5],
    [2000, 0],
    [3000, 0],
  ])('gives %d ms of speaking on %d', (yieldMs, score) => expect(yieldScore(yieldMs)).toBeCloseTo(score, 3));
});

describe('the score of a conversation', () => {
  const scoresOf = (builder: LogBuilder, agent: string, endedBy: 'end_conversation' | 'inactivity' = 'end_conversation') => {
    const { utterances, turns } = foldAll(builder.build());
    const input = { agent, utterances, turns, toolCallsMs: [], endedBy };
    return { scores: turnScores(input), score: turnTakingScore(input) };
  };

  it('leaves the greeting out and averages the answers', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 3000, text: 'Hello there.' })
      .says('Mike', { fromMs: 4000, toMs: 5000, text: 'Hi.' })
      .says('Sarah', { fromMs: 7750, toMs: 9000, text: 'How are you?' })
      .says('Mike', { fromMs: 9200, toMs: 10000, text: 'Fine.' });
    expect(scoresOf(call, 'Sarah')).toEqual({ scores: [0.5], score: 0.5 });
    expect(scoresOf(call, 'Mike').scores).toEqual([1, 0.7]);
  });

  it('judges a turn that began over its peer by the overlap', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 5000, text: 'Hello there.', cut: true })
      .says('Mike', { fromMs: 4000, toMs: 8000, text: 'Wait.', kind: 'barge_in' });
    expect(scoresOf(call, 'Mike').scores).toEqual([0.25]);
  });

  it('judges a turn that was interrupted by how soon it yielded, and takes the smaller of both', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello there.' })
      .says('Mike', { fromMs: 1500, toMs: 5600, text: 'Listen to me.', kind: 'barge_in', cut: true })
      .says('Sarah', { fromMs: 5000, toMs: 9000, text: 'No.', kind: 'barge_in' });
    expect(scoresOf(call, 'Mike').scores[0]).toBeCloseTo(0.375, 3);
    const patient = new LogBuilder()
      .says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello there.' })
      .says('Mike', { fromMs: 3000, toMs: 5600, text: 'Listen to me.', cut: true })
      .says('Sarah', { fromMs: 5000, toMs: 9000, text: 'No.', kind: 'barge_in' });
    expect(scoresOf(patient, 'Mike').scores[0]).toBeCloseTo(0.7, 3);
  });

  it('is nothing for who let the call die', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 0, toMs: 2000, text: 'Hello there.' })
      .says('Mike', { fromMs: 3000, toMs: 5000, text: 'What is it?' });
    expect(scoresOf(call, 'Sarah', 'inactivity').score).toBe(0);
    expect(scoresOf(call, 'Mike', 'inactivity').score).toBe(1);
    expect(scoresOf(call, 'Sarah').score).toBeNull();
  });
});
