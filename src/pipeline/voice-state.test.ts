import { describe, expect, it } from 'vitest';
import { isSpeaking, QUIET, stepVoice, type VoiceLimits, type VoiceState, windowsIn } from './voice-state.ts';

const LIMITS: VoiceLimits = { startWindows: windowsIn(0.2), stopWindows: windowsIn(0.8) };
const SPEAKING: VoiceState = { phase: 'speaking', windows: 0 };

describe('stepVoice', () => {
  it('starts speech on the sixth voiced window in a row and not before', () => {
    expect(changes('vvvvv')).toEqual([]);
    expect(changes('vvvvvv')).toEqual(['started at 6']);
  });

  it('counts anew after an unvoiced window', () => {
    expect(changes('vvvvv-vvvvvv')).toEqual(['started at 12']);
  });

  it('stops speech only after 0.8 s in a row without voice', () => {
    const pause = '-'.repeat(24);
    expect(changes(`${pause}v${pause}`, SPEAKING)).toEqual([]);
    expect(changes(`${pause}v${pause}-`, SPEAKING)).toEqual(['stopped at 50']);
  });

  it('still counts as speaking while it is stopping, and not yet while it is starting', () => {
    expect(isSpeaking({ phase: 'stopping', windows: 3 })).toBe(true);
    expect(isSpeaking({ phase: 'starting', windows: 3 })).toBe(false);
  });

  it('takes a single window where no time is asked for', () => {
    const limits = { startWindows: 0, stopWindows: 0 };
    expect(stepVoice(QUIET, true, limits).phase).toBe('speaking');
    expect(stepVoice(SPEAKING, false, limits).phase).toBe('quiet');
  });
});

describe('windowsIn', () => {
  it.each([
    [0.2, 6],
    [0.8, 25],
    [1.5, 47],
    [0, 0],
    [0.016, 0],
    [0.048, 2],
    [0.08, 2],
  ])('makes %d s %d windows', (seconds, windows) => {
    expect(windowsIn(seconds)).toBe(windows);
  });
});

/** Feeds windows ("v" is voiced) and lists what changed after how many. */
function changes(windows: string, start = QUIET): string[] {
  const seen: string[] = [];
  let state = start;
  for (const [index, window] of windows.split('').entries()) {
    const next = stepVoice(state, window === 'v', LIMITS);
    if (isSpeaking(next) !== isSpeaking(state)) seen.push(`${isSpeaking(next) ? 'started' : 'stopped'} at ${index + 1}`);
    state = next;
  }
  return seen;
}
