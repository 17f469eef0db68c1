import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES } from '../audio/format.ts';
import { audioFrame, SILENCE } from '../audio/frame.ts';
import { Recorder } from './recorder.ts';

function tone(level: number): ReturnType<typeof audioFrame> {
  return audioFrame(new Int16Array(FRAME_SAMPLES).fill(level));
}

describe('Recorder', () => {
  it('keeps each participant on a track of its own, at the place of its ticks', () => {
    const recorder = new Recorder();
    recorder.record('Ann', tone(1), 0);
    recorder.record('Ben', tone(2), 2);
    expect([...recorder.track('Ann')]).toEqual([...tone(1).samples, ...SILENCE.samples, ...SILENCE.samples]);
    expect([...recorder.track('Ben')]).toEqual([...SILENCE.samples, ...SILENCE.samples, ...tone(2).samples]);
  });

  it('is as long as the last tick of anybody, spoken or silent', () => {
    const recorder = new Recorder();
    recorder.record('Ann', tone(1), 0);
    recorder.record('Ben', SILENCE, 9);
    expect(recorder.track('Ann')).toHaveLength(10 * FRAME_SAMPLES);
    expect(recorder.track('Ben').every((sample) => sample === 0)).toBe(true);
    expect(recorder.track('Nobody')).toHaveLength(10 * FRAME_SAMPLES);
  });

  it('loses nothing as a long call outgrows what was set aside', () => {
    const recorder = new Recorder();
    const ticks = [0, 1023, 1024, 3000, 9999];
    for (const tick of ticks) recorder.record('Ann', tone(tick + 1), tick);
    const track = recorder.track('Ann');
    expect(ticks.map((tick) => track[tick * FRAME_SAMPLES])).toEqual(ticks.map((tick) => tick + 1));
    expect(track.reduce((sum, sample) => sum + (sample === 0 ? 0 : 1), 0)).toBe(ticks.length * FRAME_SAMPLES);
  });

  it('gives copies: a track that was taken does not change any more', () => {
    const recorder = new Recorder();
    recorder.record('Ann', tone(1), 0);
    const before = recorder.track('Ann');
    recorder.record('Ann', tone(7), 0);
    expect(before[0]).toBe(1);
  });
});
