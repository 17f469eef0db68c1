/** The outline of a recorded track, for drawing: the loudest sample of each short stretch, so that no page decodes sound to draw it. */
import { msToSamples } from '../../audio/format.ts';

/** Two thousand pixels wide, a ten-minute call still has fifteen of these for each. */
export const PEAK_MS = 20;

const LOUDEST = 32_768;

/** One byte for every `PEAK_MS`, as base64. */
export function peaksOf(track: Int16Array): string {
  const step = msToSamples(PEAK_MS);
  const peaks = new Uint8Array(Math.ceil(track.length / step));
  for (let i = 0; i < peaks.length; i++) {
    let most = 0;
    const end = Math.min((i + 1) * step, track.length);
    for (let at = i * step; at < end; at++) most = Math.max(most, Math.abs(track[at] as number));
    peaks[i] = Math.min(255, Math.round((most / LOUDEST) * 255));
  }
  return Buffer.from(peaks).toString('base64');
}
