import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../base/errors.ts';
import { tinyTurnModel } from '../../testing/tiny-turn-model.ts';
import { SmartTurnModel, smartTurnEndOfTurn } from './smart-turn.ts';

const speech = Int16Array.from({ length: 32_000 }, (_, i) => Math.round(9000 * Math.sin(i * i * 1e-5)));
const thenSilence = new Int16Array(speech.length + 8000);
thenSilence.set(speech);

describe('smart turn with a stand-in for its weights', () => {
  const model = SmartTurnModel.load(tinyTurnModel());
  const strategy = smartTurnEndOfTurn(model);

  it('goes from audio to a verdict on the spot', () => {
    expect(strategy.isComplete({ text: '', audio: speech, messages: [] })).toBe(false);
    expect(strategy.isComplete({ text: '', audio: thenSilence, messages: [] })).toBe(true);
    expect(strategy).toMatchObject({ name: 'smart_turn', needsAudio: true, readsText: false });
  });

  it('gives the same probability for the same audio, whoever asks and whatever came between', () => {
    const first = model.probability(speech);
    model.probability(thenSilence);
    expect(model.probability(speech.slice())).toBe(first);
    const other = SmartTurnModel.load(tinyTurnModel());
    expect(other.probability(speech)).toBe(first);
    other.close();
  });

  it('calls a turn without audio incomplete, and does not ask the model', () => {
    expect(strategy.isComplete({ text: 'all done', audio: new Int16Array(0), messages: [] })).toBe(false);
  });

  it('hears the last 8 s of a longer turn', () => {
    const long = new Int16Array(200_000).fill(500);
    long.set(thenSilence, long.length - thenSilence.length);
    expect(model.probability(long)).toBe(model.probability(long.subarray(-128_000)));
  });

  it('stays open for others when one strategy is closed', () => {
    smartTurnEndOfTurn(model).close();
    expect(model.probability(speech.subarray(100))).toBeLessThan(0.5);
  });
});

describe('loading', () => {
  it('refuses a model that wants something else', () => {
    expect(() => SmartTurnModel.load(tinyTurnModel('audio'))).toThrow(/not a Smart Turn v3 model: it wants audio/);
  });

  it('refuses bytes that are no model', () => {
    expect(() => SmartTurnModel.load(new TextEncoder().encode('<html>not found</html>'))).toThrow(ProviderError);
  });
});
