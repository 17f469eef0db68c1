import { describe, expect, test } from 'vitest';
import { gateText, readGate } from './gate.ts';

describe('a limit as people write it', () => {
  test.each([
    ['response_latency p50 <= 1200ms for Sarah', { measure: 'response_latency', stat: 'p50', comparison: '<=', limit: 1200, agent: 'Sarah' }],
    ['response_latency p95<=1.5s', { measure: 'response_latency', stat: 'p95', comparison: '<=', limit: 1500, agent: null }],
    ['talk_over <= 5%', { measure: 'talk_over', stat: null, comparison: '<=', limit: 0.05, agent: null }],
    ['talk_over <= 0.05', { measure: 'talk_over', stat: null, comparison: '<=', limit: 0.05, agent: null }],
    ['talk_over <= 0.7%', { measure: 'talk_over', stat: null, comparison: '<=', limit: 0.007, agent: null }],
    ['duration >= 1.1m', { measure: 'duration', stat: null, comparison: '>=', limit: 66, agent: null }],
    ['dead_air longest <= 3s', { measure: 'dead_air', stat: 'longest', comparison: '<=', limit: 3, agent: null }],
    ['interruptions <= 2 for Sarah', { measure: 'interruptions', stat: null, comparison: '<=', limit: 2, agent: 'Sarah' }],
    ['dead_air count <= 2', { measure: 'dead_air', stat: 'count', comparison: '<=', limit: 2, agent: null }],
    ['duration <= 2m', { measure: 'duration', stat: null, comparison: '<=', limit: 120, agent: null }],
    ['response_rate >= 100%', { measure: 'response_rate', stat: null, comparison: '>=', limit: 1, agent: null }],
    ['self_echo <= 0', { measure: 'self_echo', stat: null, comparison: '<=', limit: 0, agent: null }],
    ['floor_transfer_offset min >= -1s', { measure: 'floor_transfer_offset', stat: 'min', comparison: '>=', limit: -1000, agent: null }],
    ['word_error <= 120%', { measure: 'word_error', stat: null, comparison: '<=', limit: 1.2, agent: null }],
    ['turn_taking_score >= 0.8 for Ann Lee', { measure: 'turn_taking_score', stat: null, comparison: '>=', limit: 0.8, agent: 'Ann Lee' }],
  ])('%s', (text, gate) => {
    expect(readGate(text)).toEqual({ gate });
  });

  test.each([
    ['be quick', 'expected a figure and its limit'],
    ['respnse_latency p50 <= 1s', 'there is no figure "respnse_latency"'],
    ['response_latency <= 1s', 'say which response_latency: p50, p90, p95, mean, min, max'],
    ['talk_over p50 <= 5%', 'talk_over is one figure and has no p50'],
    ['dead_air p50 <= 3s', 'dead_air has no p50: it has longest, total, count'],
    ['talk_over < 5%', 'expected <= or >=, got <'],
    ['response_latency p50 <= 1200', 'a limit of response_latency is a time such as 600ms or 1.2s, got 1200'],
    ['talk_over <= 5s', 'a limit of talk_over is a share such as 5% or 0.05, got 5s'],
    ['floor_transfer_offset p50 <= 1s for Sarah', 'floor_transfer_offset is a figure of the call, not of an agent'],
    ['talk_over <= 500%', 'talk_over is never over 100 %, so that this limit could not be missed'],
    ['talk_over <= 5', 'talk_over is never over 100 %, so that this limit could not be missed'],
    ['response_rate >= 0%', 'response_rate is never under 0 %, so that this limit could not be missed'],
    ['dead_air count >= 0', 'dead_air is never under 0, so that this limit could not be missed'],
    ['turn_taking_score >= 80', 'turn_taking_score is never over 1, so that this limit could not be met'],
    ['duration <= -5s', 'duration is never under 0 s, so that this limit could not be met'],
    ['dead_air count <= 2s', 'a limit of dead_air is a number without a unit, got 2s'],
  ])('%s is refused', (text, mistake) => {
    expect(readGate(text)).toMatchObject({ mistake });
  });

  test('a figure that is nearly right is suggested', () => {
    expect(readGate('yield_latncy max <= 1s')).toMatchObject({ hint: 'did you mean yield_latency?' });
  });

  test('is told with its units, whatever it was written in', () => {
    const told = (text: string): string => {
      const read = readGate(text);
      return 'gate' in read ? gateText(read.gate) : read.mistake;
    };
    expect(told('response_latency p50<=1.2s for Sarah')).toBe('response_latency p50 <= 1200 ms for Sarah');
    expect(told('talk_over <= 0.125')).toBe('talk_over <= 12.5 %');
    expect(told('duration <= 2m')).toBe('duration <= 120 s');
  });
});
