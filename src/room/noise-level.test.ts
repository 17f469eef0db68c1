import { describe, expect, it } from 'vitest';
import { NoiseLevel } from './noise-level.ts';

/** Steps of 5 ms. */
function hear(noise: NoiseLevel, ms: number, energy: number): void {
  for (let step = 0; step < ms / 5; step++) noise.hear(energy);
}

describe('NoiseLevel', () => {
  it('is what was heard in two seconds without a tenth of silence', () => {
    const noise = new NoiseLevel();
    hear(noise, 1995, 50);
    expect(noise.level).toBe(0);
    hear(noise, 5, 50);
    expect(noise.level).toBe(50);
  });

  it('is the loudest step of the quietest tenth, however loud the rest', () => {
    const noise = new NoiseLevel();
    hear(noise, 1900, 9000);
    hear(noise, 95, 40);
    noise.hear(60);
    expect(noise.level).toBe(60);
    hear(noise, 1900, 9000);
    expect(noise.level).toBe(60);
    hear(noise, 100, 9000);
    expect(noise.level).toBe(9000);
  });

  it('knows nothing after digital silence', () => {
    const noise = new NoiseLevel();
    hear(noise, 2000, 50);
    noise.forget();
    hear(noise, 1995, 50);
    expect(noise.level).toBe(0);
  });
});
