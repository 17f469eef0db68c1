/** Two voices for two ears: each is mostly in its own but in both, so that one earpiece or loudspeaker is enough. */

const NEAR_GAIN = 0.85;
const FAR_GAIN = 0.5;

/** Left and right for listening, of two tracks of one length. */
export function listeningMix(left: Int16Array, right: Int16Array): [Int16Array, Int16Array] {
  const side = (near: Int16Array, far: Int16Array): Int16Array =>
    near.map((sample, i) => Math.max(-32768, Math.min(32767, Math.round(NEAR_GAIN * sample + FAR_GAIN * (far[i] ?? 0)))));
  return [side(left, right), side(right, left)];
}
