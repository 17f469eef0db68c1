import { describe, expect, it } from 'vitest';
import { msToSamples } from '../audio/format.ts';
import { AgentCall } from '../testing/agent-call.ts';
import type { EndOfTurnStrategy, TurnSoFar } from './end-of-turn.ts';

/** A strategy that notes what it is shown and says complete when it has been asked so often. */
function noting(options: Partial<EndOfTurnStrategy> & { readonly completeAfter?: number } = {}): EndOfTurnStrategy & { readonly shown: TurnSoFar[] } {
  const shown: TurnSoFar[] = [];
  const { completeAfter = 1, ...rest } = options;
  return { name: 'smart_turn', needsAudio: false, readsText: false, close: () => {}, ...rest, shown, isComplete: (turn) => shown.push(turn) >= completeAfter };
}

function call(endOfTurn: EndOfTurnStrategy, latencyMs = 0): AgentCall {
  const made = new AgentCall({ endOfTurn, latencyMs, settings: { goesFirst: false } });
  made.room.enters(0, 'Mike');
  return made;
}

describe('the strategy', () => {
  it('is asked once at each VAD stop, with what was understood by then', async () => {
    const strategy = noting({ completeAfter: 2 });
    const made = call(strategy);
    made.room.sounds('Mike', 1000, 2000).interim(1500, 'Mike', 'so').text(2100, 'Mike', 'so then').sounds('Mike', 2600, 3000).interim(3100, 'Mike', 'what');
    made.room.text(3300, 'Mike', 'what now', { startMs: 2600, endMs: 3000 });
    await made.run(5000);
    expect(strategy.shown.map(({ text }) => text)).toEqual(['so then', 'so then what']);
    expect(made.of('turn.judged')).toMatchObject([{ strategy: 'smart_turn', complete: false }, { complete: true }]);
    expect(made.lines('turn.stopped')).toEqual(['3220 sarah-t1 by strategy: so then']);
    expect(made.lines('context.amended')).toEqual(['3300 user amended: so then what now']);
  });

  it('that reads text is asked again when more of it comes', async () => {
    const strategy = noting({ readsText: true, completeAfter: 3 });
    const made = call(strategy);
    made.room.sounds('Mike', 1000, 2000).interim(2300, 'Mike', 'so').text(2600, 'Mike', 'so then', { startMs: 1000, endMs: 2000 });
    await made.run(5000);
    expect(strategy.shown.map(({ text }) => text)).toEqual(['', 'so', 'so then']);
    expect(made.lines('turn.stopped')).toEqual(['2600 sarah-t1 by strategy: so then']);
  });

  it('hears the turn if it needs to', async () => {
    const deaf = noting();
    const strategy = noting({ needsAudio: true });
    for (const endOfTurn of [deaf, strategy]) {
      const made = call(endOfTurn);
      made.room.says('Mike', 5000, 6000, 'so then');
      await made.run(8000);
    }
    expect(deaf.shown[0]?.audio.length).toBe(0);
    const audio = strategy.shown[0]?.audio ?? new Int16Array(0);
    const before = audio.findIndex((sample) => sample !== 0);
    const after = audio.length - 1 - audio.findLastIndex((sample) => sample !== 0);
    // 0.5 s and the start time before the decision, which comes about the start time after the first sound.
    expect(before / msToSamples(1)).toBeGreaterThan(480);
    expect(before / msToSamples(1)).toBeLessThan(540);
    expect(audio.length - before - after).toBe(msToSamples(1000));
    expect(after / msToSamples(1)).toBeGreaterThan(180);
  });
});

it('waits as long as the room says that its transcription takes', async () => {
  const made = call(noting(), 350);
  made.room.sounds('Mike', 1000, 2000).text(2050, 'Mike', 'so', { endMs: 1500 }).text(2300, 'Mike', 'then', { startMs: 1500, endMs: 1900 });
  await made.run(5000);
  const stopped = made.of('turn.stopped')[0];
  expect(stopped).toMatchObject({ text: 'so then', by: 'strategy' });
  expect(stopped?.atMs).toBe((stopped?.speechEndMs ?? 0) + 350);
});

it('says whether the turn began over its own words', async () => {
  const made = new AgentCall({ answers: ['Hello my dear old friend.'] });
  made.room.enters(0, 'Mike').sounds('Mike', 800, 1500).sounds('Mike', 4000, 5000);
  await made.run(9000);
  expect(made.of('turn.started').map(({ whileSpeaking }) => whileSpeaking)).toEqual([true, false]);
});

it('leaves no turn open when it stops to hear', async () => {
  const made = call(noting());
  made.room.sounds('Mike', 1000, 9000).text(2000, 'Mike', 'so then');
  await made.run(3000);
  expect(made.lines('vad.speech_stopped', 'turn.stopped')).toEqual(['3000 vad.speech_stopped', '3000 sarah-t1 by watchdog: so then']);
});

it('numbers turns by names, and tells agents apart whose names look alike', async () => {
  const turnIds: string[] = [];
  for (const settings of [{ name: 'C++', order: 0 }, { name: 'C#', order: 1 }, { name: 'Dr. No', order: 0 }]) {
    const made = new AgentCall({ settings: { ...settings, knownAgents: ['C++', 'C#', 'Dr. No'], goesFirst: false } });
    made.room.enters(0, 'Guest').sounds('Guest', 1000, 1500);
    await made.run(2000);
    turnIds.push(...made.of('turn.started').map(({ turnId }) => turnId));
  }
  expect(turnIds).toEqual(['c--1-t1', 'c--2-t1', 'dr-no-t1']);
});
