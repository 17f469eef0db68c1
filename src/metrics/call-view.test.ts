import { describe, expect, test } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { type CallView, ViewState } from './call-view.ts';

function viewAt(atMs: number): CallView {
  const state = new ViewState();
  for (const event of sampleCall()) if (event.atMs <= atMs) state.event(event);
  return state.view;
}

describe('the view of a call', () => {
  test('tells who speaks, who is thinking and who has not sat down', () => {
    const doing = (view: CallView): string[] => view.seats.map((seat) => seat.doing);
    expect(doing(viewAt(1500))).toEqual(['speaking', 'listening']);
    expect(doing(viewAt(8100))).toEqual(['listening', 'thinking']);
    const state = new ViewState();
    state.event(new LogBuilder().build()[0] as never);
    expect(doing(state.view)).toEqual(['away', 'away']);
  });

  test('has the words of who speaks as the room hears them, the settled apart from the guess', () => {
    const interim = viewAt(3000).turns[0]?.said[0]?.live;
    expect(interim).toEqual({ settled: '', interim: 'hi this is sarah' });
    expect(viewAt(60_000).turns[0]?.said[0]?.live).toBeNull();
  });

  test('sets turns and asides in the order in which they began', () => {
    const kinds = viewAt(60_000).items.map((item) => (item.kind === 'turn' ? item.turn.turn.agent : `(${item.said.utterance.text})`));
    expect(kinds).toEqual(['Sarah', 'Mike', 'Sarah', '(Mm-hm.)', 'Mike', '(Be right with you.)', 'Sarah', 'Mike', 'Sarah', 'Mike', 'Sarah', 'Mike']);
  });

  test('gives each turn its latency by stage, as far as it is known', () => {
    const { turns } = viewAt(60_000);
    expect(turns[0]?.stages).toMatchObject({ endOfTurnMs: null, heardMs: null });
    expect(turns[1]?.stages).toEqual({ endOfTurnMs: 508, llmMs: 491, ttsMs: 150, heardMs: 1210 });
    expect(turns[5]?.stages).toEqual({ endOfTurnMs: null, llmMs: null, ttsMs: null, heardMs: -620 });
  });
});
