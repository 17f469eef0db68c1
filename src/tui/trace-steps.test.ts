import { describe, expect, test } from 'vitest';
import { type TurnView, ViewState } from '../metrics/call-view.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { traceSteps } from './trace-steps.ts';

function turnOfSample(index: number): TurnView {
  const state = new ViewState();
  for (const event of sampleCall()) state.event(event);
  return state.view.turns[index] as TurnView;
}

describe('the trace of a turn', () => {
  test('has every decision in order, each with its distance from the one before', () => {
    const steps = traceSteps(turnOfSample(8));
    expect(steps.map(({ stage, what, deltaMs }) => `${stage}: ${what}${deltaMs === null ? '' : `, +${deltaMs}`}`)).toEqual([
      'room: Mike stops, as heard',
      'VAD: stopped: 200 ms of silence, +200',
      'turn: lexical: complete, +40',
      'text: final: "Thursday is fine. After six, when the shop is closed.", +10',
      'turn: over: the strategy said so, +720',
      'reply: begins: an answer, +0',
      'LLM: request, +0',
      'LLM: first token, +938',
      'tool: free_slots called, +20',
      'tool: free_slots answered, +162',
      'LLM: complete, +60',
      'TTS: request, +0',
      'TTS: first audio, +150',
      'room: first sample sent, +10',
      'room: Sarah is heard, +0',
    ]);
  });

  test('of a barge-in has no verdict, only what led to it', () => {
    const steps = traceSteps(turnOfSample(5));
    expect(steps.map(({ what }) => what)).toContain('begins: a barge-in');
    expect(steps.map(({ stage }) => stage)).not.toContain('LLM');
  });
});
