import { ebur128_integrated_mono } from 'ebur128-wasm/ebur128_wasm.js';
import { describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from './format.ts';
import { LoudnessMeter } from './loudness.ts';

const WINDOW = 512;

describe('LoudnessMeter', () => {
  it('agrees with libebur128 on a steady tone', () => {
    const tone = sine({ frequencyHz: 997, amplitude: 3276.8, seconds: 2 });
    const measured = lastOf(measureAll(tone));
    expect(lufsOf(measured)).toBeCloseTo(-22.9694, 2);
    expect(lufsOf(measured)).toBeCloseTo(oracle(tone), 2);
  });

  it('agrees with libebur128 on each 400 ms of a signal that changes', () => {
    const sound = Int16Array.from({ length: 3 * SAMPLE_RATE_HZ }, (_, i) => {
      const swell = 0.2 + 0.8 * Math.abs(Math.sin(i / 4000));
      return Math.round(swell * (6000 * Math.sin(i / 7) + 3000 * Math.sin(i / 2.3) + 900 * Math.sin(i / 60)));
    });
    const measured = measureAll(sound);
    for (let n = 15; n < measured.length; n += 9) {
      const end = (n + 1) * WINDOW;
      // The oracle starts its filter anew for each window; a running one differs by a few hundredths at most.
      expect(Math.abs(lufsOf(measured[n] as number) - oracle(sound.subarray(end - 6400, end)))).toBeLessThan(0.05);
    }
  });

  it('says 0 until 400 ms have been heard, silence included', () => {
    const tone = sine({ frequencyHz: 500, amplitude: 8000, seconds: 1 });
    expect(measureAll(tone).findIndex((volume) => volume > 0)).toBe(12);
    const meter = new LoudnessMeter();
    meter.restart(6400 - WINDOW);
    expect(meter.measure(tone.subarray(0, WINDOW))).toBeGreaterThan(0.7);
  });

  it('says 0 below the gate of -70 LUFS and at least 0.4 above it', () => {
    expect(lastOf(measureAll(sine({ frequencyHz: 997, amplitude: 16, seconds: 1 })))).toBeGreaterThan(0.4);
    expect(lastOf(measureAll(sine({ frequencyHz: 997, amplitude: 13, seconds: 1 })))).toBe(0);
    expect(lastOf(measureAll(new Int16Array(SAMPLE_RATE_HZ)))).toBe(0);
  });

  it('never says more than 1', () => {
    const square = Int16Array.from({ length: SAMPLE_RATE_HZ }, (_, i) => (i % 8 < 4 ? 32767 : -32768));
    expect(lastOf(measureAll(square))).toBe(1);
  });

  it('forgets what it heard when it is restarted', () => {
    const tone = sine({ frequencyHz: 300, amplitude: 9000, seconds: 0.5 });
    const meter = new LoudnessMeter();
    measureAll(sine({ frequencyHz: 90, amplitude: 20000, seconds: 1 }), meter);
    meter.restart();
    expect(measureAll(tone, meter)).toEqual(measureAll(tone));
  });
});

function measureAll(samples: Int16Array, meter = new LoudnessMeter()): number[] {
  const volumes: number[] = [];
  for (let end = WINDOW; end <= samples.length; end += WINDOW) volumes.push(meter.measure(samples.subarray(end - WINDOW, end)));
  return volumes;
}

function sine({ frequencyHz, amplitude, seconds }: { frequencyHz: number; amplitude: number; seconds: number }): Int16Array {
  const step = (2 * Math.PI * frequencyHz) / SAMPLE_RATE_HZ;
  return Int16Array.from({ length: seconds * SAMPLE_RATE_HZ }, (_, i) => Math.round(amplitude * Math.sin(step * i)));
}

function oracle(samples: Int16Array): number {
  return ebur128_integrated_mono(SAMPLE_RATE_HZ, Float32Array.from(samples, (sample) => sample / 32768));
}

function lufsOf(volume: number): number {
  return volume * 100 - 110;
}

function lastOf(volumes: readonly number[]): number {
  return volumes.at(-1) as number;
}
