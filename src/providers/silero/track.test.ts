import { describe, expect, it } from 'vitest';
import { STATE_NUMBERS } from './silero-model.ts';
import { decodeTrack, encodeTrack, MAX_TRACK_WINDOWS, STATE_EVERY_WINDOWS, stateBefore, type Track, TrackRecorder } from './track.ts';
import { WindowHash } from './window-hash.ts';

describe('a track', () => {
  it.each([1, 64, 65, 200])('of %d windows comes back from its bytes as it was', (windowCount) => {
    const track = recorded(windowCount);
    expect(decodeTrack(encodeTrack(track))).toEqual(track);
  });

  it('knows the state of the model at its first window and at each 64th after it', () => {
    const track = recorded(130);
    expect(stateBefore(track, 0)).toEqual(stateOf(0));
    expect(stateBefore(track, STATE_EVERY_WINDOWS)).toEqual(stateOf(64));
    expect(stateBefore(track, 128)).toEqual(stateOf(128));
    expect(stateBefore(track, 63)).toBeUndefined();
  });

  it('is full after 33 s', () => {
    const recorder = new TrackRecorder();
    for (let n = 0; n < MAX_TRACK_WINDOWS; n++) {
      expect(recorder.isFull).toBe(false);
      recorder.add(new WindowHash(), 0, stateOf(0));
    }
    expect(recorder.isFull).toBe(true);
  });

  it('is not read from bytes that are cut off, too long, or something else', () => {
    const bytes = encodeTrack(recorded(70));
    expect(decodeTrack(bytes.slice(0, -4))).toBeUndefined();
    expect(decodeTrack(bytes.slice(0, -1))).toBeUndefined();
    expect(decodeTrack(Uint8Array.from([...bytes, 0, 0, 0, 0]))).toBeUndefined();
    expect(decodeTrack(new Uint8Array(0))).toBeUndefined();
    expect(decodeTrack(new Uint8Array(4000).fill(255))).toBeUndefined();
  });
});

function recorded(windowCount: number): Track {
  const recorder = new TrackRecorder();
  const hash = new WindowHash();
  for (let n = 0; n < windowCount; n++) {
    hash.add(new Int16Array(512).fill(n));
    recorder.add(hash, n / windowCount, stateOf(n));
  }
  return recorder.finish();
}

function stateOf(window: number): Float32Array {
  return new Float32Array(STATE_NUMBERS).fill(window + 0.5);
}
