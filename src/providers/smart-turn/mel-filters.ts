/**
 * 80 triangular filters from 0 to 8000 Hz on Slaney's mel scale (linear below 1 kHz, logarithmic above), each of
 * equal area. Kept sparse: a filter is its first bin and its weights.
 */
import { BINS } from './power-spectrum.ts';

export const MEL_BANDS = 80;

export type MelFilter = { readonly firstBin: number; readonly weights: Float64Array };

export function melFilters(): readonly MelFilter[] {
  const lowest = melOf(0);
  const step = (melOf(HIGHEST_HZ) - lowest) / (MEL_BANDS + 1);
  const cornersHz = Array.from({ length: MEL_BANDS + 2 }, (_, i) => hzOf(lowest + i * step));
  return Array.from({ length: MEL_BANDS }, (_, band) => {
    const [lowHz, peakHz, highHz] = cornersHz.slice(band, band + 3) as [number, number, number];
    const area = 2 / (highHz - lowHz);
    const firstBin = Math.floor(lowHz / BIN_HZ) + 1;
    const weights: number[] = [];
    for (let bin = firstBin; bin < BINS && bin * BIN_HZ < highHz; bin++) {
      const hz = bin * BIN_HZ;
      weights.push(area * Math.min((hz - lowHz) / (peakHz - lowHz), (highHz - hz) / (highHz - peakHz)));
    }
    return { firstBin, weights: Float64Array.from(weights) };
  });
}

const HIGHEST_HZ = 8000;
const BIN_HZ = HIGHEST_HZ / (BINS - 1);

/** Slaney's Auditory Toolbox: 200/3 Hz per mel up to 1 kHz (15 mel), then 27 steps per factor of 6.4. */
const HZ_PER_MEL = 200 / 3;
const CORNER_HZ = 1000;
const CORNER_MEL = CORNER_HZ / HZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

function melOf(hz: number): number {
  return hz < CORNER_HZ ? hz / HZ_PER_MEL : CORNER_MEL + Math.log(hz / CORNER_HZ) / LOG_STEP;
}

function hzOf(mel: number): number {
  return mel < CORNER_MEL ? mel * HZ_PER_MEL : CORNER_HZ * Math.exp((mel - CORNER_MEL) * LOG_STEP);
}
