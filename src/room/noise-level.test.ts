import { describe, expect, it } from 'vitest';
import { type Noise, NoiseLevel } from './noise-level.ts';

const SILENT: Noise = { mean: 0, loudest: 0 };

/** Steps of 5 ms. */
function hear(noise: NoiseLevel, ms: number, energy: number): void {
  for (let step = 0; step < ms / 5; step++) noise.hear(energy);
}

/** A syllable of 370 ms and the gap after it. */
function speak(noise: NoiseLevel, ms: number, gap: number): void {
  for (let at = 0; at < ms; at += 400) {
    hear(noise, 375, 9000);
    hear(noise, 25, gap);
  }
}

describe('NoiseLevel', () => {
  it('is what was heard in two seconds without a tenth of silence', () => {
    const noise = new NoiseLevel();
    hear(noise, 1995, 50);
    expect(noise.now).toEqual(SILENT);
    hear(noise, 5, 50);
    expect(noise.now).toEqual({ mean: 50, loudest: 50 });
  });

  it('is that of the quietest tenth, however loud the rest', () => {
    const noise = new NoiseLevel();
    hear(noise, 1900, 9000);
    hear(noise, 95, 40);
    noise.hear(60);
    expect(noise.now).toEqual({ mean: 41, loudest: 60 });
    hear(noise, 1900, 9000);
    expect(noise.now).toEqual({ mean: 41, loudest: 60 });
    hear(noise, 100, 9000);
    expect(noise.now).toEqual({ mean: 9000, loudest: 9000 });
  });

  it('is not taken from somebody who speaks for seconds without a quiet tenth', () => {
    const noise = new NoiseLevel();
    speak(noise, 8000, 5);
    expect(noise.now.mean).toBeGreaterThan(1000);
    expect(noise.within(SILENT)).toEqual({ mean: 5, loudest: 5 });
    expect(noise.within({ mean: 8, loudest: 9 }), 'as it was before').toEqual({ mean: 8, loudest: 9 });
  });

  it('that began with the line is known after two seconds, though it seemed to be somebody', () => {
    const noise = new NoiseLevel();
    hear(noise, 1995, 50);
    expect(noise.within(SILENT)).toEqual(SILENT);
    hear(noise, 5, 50);
    expect(noise.within(SILENT)).toEqual({ mean: 50, loudest: 50 });
  });

  it('that rises while somebody speaks is known after five seconds', () => {
    const noise = new NoiseLevel();
    speak(noise, 6000, 5);
    speak(noise, 4800, 30);
    expect(noise.within({ mean: 5, loudest: 5 })).toEqual({ mean: 5, loudest: 5 });
    speak(noise, 400, 30);
    expect(noise.within({ mean: 5, loudest: 5 })).toEqual({ mean: 30, loudest: 30 });
  });

  it('knows nothing after digital silence', () => {
    const noise = new NoiseLevel();
    hear(noise, 2000, 50);
    noise.forget();
    hear(noise, 1995, 50);
    expect(noise.now).toEqual(SILENT);
    expect(noise.within(SILENT)).toEqual(SILENT);
  });
});
