/**
 * Whether a run's recording holds what its log tells of: whoever listens to it later must not be shown less than was
 * judged. Compares lengths and looks for silence where somebody was heard; it judges no words.
 */
import { SAMPLE_RATE_HZ } from '../audio/format.ts';
import type { RunFold } from './run-fold.ts';
import type { RunMetrics } from './run-metrics.ts';
import type { Span } from './spans.ts';
import type { InvalidReason } from './validity.ts';
import { verdictOf } from './verdict.ts';

/** As in audio.wav: who goes first, then the other. */
export type RecordedTracks = readonly [Int16Array, Int16Array];

/** The detector tells an end to the sample; a recording is kept in frames of 20 ms, and the last one may be on its way. */
const MISSING_MS = 100;

/** Why the recording is not that of this run; none for one that is, and for a run that has no verdict of its own. */
export function recordingFaults(fold: RunFold, tracks: RecordedTracks | undefined): readonly InvalidReason[] {
  const { roster, wire, ended } = fold;
  if (!ended || ended.endedBy === 'cancelled' || ended.endedBy === 'error') return [];
  if (!tracks) return [incomplete(null, 'there is no recording of it')];
  const [first] = roster.agents.filter(({ goesFirst }) => goesFirst);
  return roster.agents.flatMap(({ name }): InvalidReason[] => {
    const track = tracks[name === first?.name ? 0 : 1];
    const heard = wire.of(name).flatMap(({ startMs, endMs }) => (endMs === null ? [] : [{ startMs, endMs }]));
    const lengthMs = (track.length / SAMPLE_RATE_HZ) * 1000;
    const last = heard.at(-1);
    if (last && last.endMs > lengthMs + MISSING_MS) return [incomplete(name, `the recording ends at ${seconds(lengthMs)}, and ${name} was heard until ${seconds(last.endMs)}`)];
    const silent = heard.find((span) => isSilent(track, span));
    return silent ? [incomplete(name, `the recording is silent at ${seconds(silent.startMs)}, where ${name} was heard`)] : [];
  });
}

/** What a run comes to with these against it. */
export function doubted(metrics: RunMetrics, faults: readonly InvalidReason[]): RunMetrics {
  if (faults.length === 0) return metrics;
  const invalid = [...metrics.invalid, ...faults];
  return { ...metrics, invalid, verdict: verdictOf({ ...metrics, invalid }, metrics.checks) };
}

function incomplete(agent: string | null, text: string): InvalidReason {
  return { code: 'recording_incomplete', agent, text };
}

function isSilent(track: Int16Array, { startMs, endMs }: Span): boolean {
  const sampleAt = (ms: number): number => Math.floor((ms / 1000) * SAMPLE_RATE_HZ);
  const recorded = track.subarray(sampleAt(startMs), sampleAt(endMs));
  // Of what may still be missing at the end nobody can say that it is silent.
  return recorded.length > 0 && recorded.every((sample) => sample === 0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
