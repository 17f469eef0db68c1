/**
 * Speaking or not: the four-state machine that turns single voiced and unvoiced windows into speech that starts and
 * stops. Pure; it knows nothing of audio. The states, counts and rounding are Pipecat's.
 */
import { VAD_WINDOW_SAMPLES } from './vad.ts';
import { samplesToMs } from '../audio/format.ts';

export const VAD_WINDOW_MS = samplesToMs(VAD_WINDOW_SAMPLES);

export type VoiceState = {
  readonly phase: 'quiet' | 'starting' | 'speaking' | 'stopping';
  /** How many windows in a row argued for leaving the phase before: voiced ones in starting, unvoiced ones in stopping. */
  readonly windows: number;
};

export type VoiceLimits = {
  /** Speech starts on this many voiced windows in a row. */
  readonly startWindows: number;
  /** Speech stops on this many unvoiced windows in a row. */
  readonly stopWindows: number;
};

export const QUIET: VoiceState = Object.freeze({ phase: 'quiet', windows: 0 });
const SPEAKING: VoiceState = Object.freeze({ phase: 'speaking', windows: 0 });

/** The state after one more window. */
export function stepVoice(state: VoiceState, voiced: boolean, limits: VoiceLimits): VoiceState {
  switch (state.phase) {
    case 'quiet':
    case 'starting':
      if (!voiced) return QUIET;
      return state.windows + 1 >= limits.startWindows ? SPEAKING : { phase: 'starting', windows: state.windows + 1 };
    case 'speaking':
    case 'stopping':
      if (voiced) return SPEAKING;
      return state.windows + 1 >= limits.stopWindows ? QUIET : { phase: 'stopping', windows: state.windows + 1 };
  }
}

/** Between the event that speech started and the event that it stopped. */
export function isSpeaking(state: VoiceState): boolean {
  return state.phase === 'speaking' || state.phase === 'stopping';
}

/** How many windows a time is, halves going to the even number: 0.2 s is 6 windows, 0.8 s is 25, 1.5 s is 47. */
export function windowsIn(seconds: number): number {
  const exact = (seconds * 1000) / VAD_WINDOW_MS;
  const below = Math.floor(exact);
  if (exact - below === 0.5) return below + (below % 2);
  return Math.round(exact);
}
