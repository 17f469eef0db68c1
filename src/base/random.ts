/**
 * Randomness as a value. A generator is made from a seed and forked by label, so that one extra draw in one
 * place moves nothing anywhere else. Nothing in bottalk calls Math.random.
 */
import { invariant } from './errors.ts';

/** A seeded stream of random numbers. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, bound). */
  int(bound: number): number;
  /** True with the given chance (0 to 1). Always draws once. */
  chance(probability: number): boolean;
  /** One of the items; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** A standard normal draw. */
  normal(): number;
  /** Hexadecimal digits, for ids. */
  hex(digits: number): string;
  /** An independent generator; it depends on the seed and the labels alone, never on how many draws were made. */
  fork(label: string | number): Random;
}

/** Makes the root generator of a run. */
export function seededRandom(seed: number | string): Random {
  return new Sfc32(String(seed));
}

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand and BigCrush, and fast on int32. */
class Sfc32 implements Random {
  readonly #path: string;
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(path: string) {
    this.#path = path;
    [this.#a, this.#b, this.#c, this.#counter] = hash128(path);
    for (let i = 0; i < 12; i++) this.#step();
  }

  #step(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  next(): number {
    return this.#step() / 4294967296;
  }

  int(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    invariant(items.length > 0, 'nothing to pick from');
    return items[this.int(items.length)] as T;
  }

  normal(): number {
    // Box-Muller; 1 - next() keeps the logarithm away from zero.
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.#step().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  }

  fork(label: string | number): Random {
    // The separator cannot be typed in a label by accident, so ["a", "bc"] and ["ab", "c"] differ.
    return new Sfc32(`${this.#path}\u001f${label}`);
  }
}

/** Four 32-bit FNV-1a style lanes over the text, with different starts and a final avalanche. */
function hash128(text: string): [number, number, number, number] {
  const lanes: [number, number, number, number] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    for (let lane = 0; lane < 4; lane++) lanes[lane] = Math.imul((lanes[lane] as number) ^ (code + lane * 0x101), 0x01000193);
  }
  return lanes.map((lane, i) => {
    let h = lane ^ (lanes[(i + 1) % 4] as number);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) | 0;
  }) as [number, number, number, number];
}
