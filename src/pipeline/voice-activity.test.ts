import { describe, expect, it } from 'vitest';
import { FRAME_MS, FRAME_SAMPLES } from '../audio/format.ts';
import { audioFrame, SILENCE } from '../audio/frame.ts';
import type { VadStream } from './vad.ts';
import { VoiceActivity, type VoiceActivitySettings, type VoiceChange } from './voice-activity.ts';

const SETTINGS: VoiceActivitySettings = { confidence: 0.6, startSecs: 0.2, stopSecs: 0.8, minVolume: 0.4 };
const LOUD = 4000;

describe('VoiceActivity', () => {
  it('reports the start of speech with the end of the window that decided', () => {
    const ear = listen([silence(25), sound(20)]);
    // Sound begins at 500 ms. The volume passes 0.4 on the third window of 32 ms, and from there six are counted.
    expect(ear.changes).toEqual([{ kind: 'started', audioMs: 500 + 8 * 32 }]);
    expect(ear.activity.isSpeaking).toBe(true);
  });

  it('waits for 400 ms of audio before it trusts any volume', () => {
    expect(listen([sound(40)]).changes).toEqual([{ kind: 'started', audioMs: 32 * (12 + 3 + 5) }]);
    expect(listen([silence(10), sound(40)]).changes).toEqual([{ kind: 'started', audioMs: 200 + 32 * (6 + 3 + 5) }]);
  });

  it('reports the end of speech after stop_secs without voice', () => {
    const { changes, activity } = listen([silence(25), sound(50), silence(100)]);
    // Sound ends at 1500 ms, inside the window that ends at 1524 ms; that one still counts as voiced.
    expect(changes[1]).toEqual({ kind: 'stopped', audioMs: 1524 + 25 * 32, silenceMs: 800, rescued: false });
    expect(activity.isSpeaking).toBe(false);
  });

  it('hears nothing in what the model takes for speech but is too quiet', () => {
    expect(listen([silence(25), sound(50, 8)]).changes).toEqual([]);
  });

  it('does not ask the model while it sleeps, and resets it after a second of silence', () => {
    const { model } = listen([silence(500), sound(10), silence(500)]);
    // 200 ms of sound and one second of zeros are 37 windows and a half.
    expect(model).toMatchObject({ asked: 38, resets: 1 });
  });

  it('stays awake on silence that is not exactly digital', () => {
    const { model } = listen([silence(25), sound(10), sound(500, 1)]);
    expect(model.asked).toBe(Math.floor((510 * FRAME_SAMPLES) / 512));
    expect(model.resets).toBe(0);
  });

  it('cuts an utterance into the same windows whenever it is said', () => {
    const utterance = Int16Array.from({ length: 6000 }, (_, i) => Math.round(LOUD * Math.sin(i * i)) || 1);
    const windows = [3000, 3001, 3333, 47_777].map((startSample) => {
      const { model } = listen([frames(startSample, utterance, 90)]);
      return model.windows;
    });
    for (const other of windows) expect(other).toEqual(windows[0]);
    expect(windows[0]).toHaveLength(12 + 31);
  });

  it('gives call times in whole microseconds', () => {
    const { changes } = listen([frames(8001, sound(20), 60)]);
    expect(changes[0]?.audioMs).toBe(756.063);
  });

  it('calls speech off when no frame has come for a second', () => {
    const { activity } = listen([silence(25), sound(50)]);
    expect(activity.idle(1500)).toBeUndefined();
    expect(activity.idle(2480)).toBeUndefined();
    expect(activity.idle(2500)).toEqual({ kind: 'stopped', audioMs: 2500, silenceMs: 1000, rescued: true });
    expect(activity.isSpeaking).toBe(false);
    expect(activity.idle(4000)).toBeUndefined();
  });

  it('hears a peer who comes back after a rescue', () => {
    const { activity, model } = listen([silence(25), sound(50)]);
    activity.idle(2500);
    expect(model.resets).toBe(1);
    expect(hearAll(activity, sound(20), 60_000)).toEqual([{ kind: 'started', audioMs: 60_000 + 8 * 32 }]);
  });

  it('has nothing to call off while nobody speaks', () => {
    const { activity } = listen([silence(25)]);
    expect(activity.idle(10_000)).toBeUndefined();
  });
});

/** A model that takes every window with a sample over 0 for speech, and remembers what it was asked. */
class ScriptedModel implements VadStream {
  readonly windows: string[] = [];
  resets = 0;

  get asked(): number {
    return this.windows.length;
  }

  confidence(window: Int16Array): number {
    this.windows.push(Buffer.from(window.buffer, window.byteOffset, window.byteLength).toString('base64'));
    return window.some((sample) => sample > 0) ? 0.9 : 0.1;
  }

  reset(): void {
    this.resets += 1;
  }

  close(): void {}
}

function listen(pieces: readonly Int16Array[]) {
  const model = new ScriptedModel();
  const activity = new VoiceActivity(model, SETTINGS);
  const samples = Int16Array.from(pieces.flatMap((piece) => [...piece]));
  return { model, activity, changes: hearAll(activity, samples, 0) };
}

function hearAll(activity: VoiceActivity, samples: Int16Array, startMs: number): VoiceChange[] {
  const changes: VoiceChange[] = [];
  for (let n = 0; n * FRAME_SAMPLES < samples.length; n++) {
    const piece = samples.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES);
    const frame = piece.some((sample) => sample !== 0) ? audioFrame(piece) : SILENCE;
    const change = activity.hear(frame, startMs + n * FRAME_MS);
    if (change) changes.push(change);
  }
  return changes;
}

function silence(frameCount: number): Int16Array {
  return new Int16Array(frameCount * FRAME_SAMPLES);
}

function sound(frameCount: number, amplitude = LOUD): Int16Array {
  return Int16Array.from({ length: frameCount * FRAME_SAMPLES }, (_, i) => (i % 8 < 4 ? amplitude : -amplitude));
}

/** An utterance that begins at a given sample, in so many frames more than it needs. */
function frames(startSample: number, utterance: Int16Array, more: number): Int16Array {
  const needed = Math.ceil((startSample + utterance.length) / FRAME_SAMPLES);
  const samples = new Int16Array((needed + more) * FRAME_SAMPLES);
  samples.set(utterance, startSample);
  return samples;
}
