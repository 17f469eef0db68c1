/**
 * Names a stretch of audio by its content: two 32-bit lanes over all windows since a reset, so that equal names mean
 * equal histories, not only equal windows. Fast (half a microsecond a window) rather than safe against forgery.
 */

export class WindowHash {
  high = 0;
  low = 0;

  constructor() {
    this.reset();
  }

  reset(): void {
    this.high = 0x6a09e667;
    this.low = 0x510e527f;
  }

  /**
   * Chains a window on. Each step, of two samples, can be undone in each lane, so two histories meet again only
   * where both lanes do so by chance: one in 2^64 for unrelated ones.
   */
  add(window: Int16Array): void {
    const { buffer, byteOffset, length } = window.byteOffset % 4 === 0 ? window : window.slice();
    const words = new Int32Array(buffer, byteOffset, length / 2);
    let high = this.high;
    let low = this.low;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as number;
      high = Math.imul(high ^ word, 0x9e3779b1);
      high ^= high >>> 15;
      low = Math.imul(((low << 13) | (low >>> 19)) + word, 0x85ebca77);
    }
    this.high = high | 0;
    this.low = low ^ (low >>> 16);
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    return hex(this.high) + hex(this.low);
  }
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}
