import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { recordingFaults, type RecordedTracks } from './recording-check.ts';
import { foldAll, type RunFold } from './run-fold.ts';

/** Sarah is heard in the second second, Mike in the fourth. */
function call(endedBy: 'max_turns' | 'cancelled' | 'error' = 'max_turns'): RunFold {
  const log = new LogBuilder().says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Hello, Mike.' }).says('Mike', { fromMs: 3000, toMs: 4000, text: 'Hello, Sarah.' });
  return foldAll(log.at(5000, { type: 'run.ended', endedBy }).build());
}

function recorded(soundMs: readonly (readonly [from: number, to: number])[], lengthMs = 5000): RecordedTracks {
  const tracks = soundMs.map(([from, to]) => new Int16Array(lengthMs * 16).fill(900, from * 16, to * 16));
  return tracks as unknown as RecordedTracks;
}

describe('a recording', () => {
  it('holds the run when there is sound wherever somebody was heard', () => {
    expect(recordingFaults(call(), recorded([[1000, 2000], [3000, 4000]]))).toEqual([]);
    expect(recordingFaults(call(), recorded([[1500, 1600], [3999, 4000]], 4000))).toEqual([]);
    const late = new LogBuilder().says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Hello, Mike.' }).says('Mike', { fromMs: 3010, toMs: 3090, text: 'Hi.' });
    expect(recordingFaults(foldAll(late.at(3200, { type: 'run.ended', endedBy: 'hangup' }).build()), recorded([[1000, 2000], [0, 0]], 3000))).toEqual([]);
  });

  it('is incomplete when it is too short, silent, or not there', () => {
    expect(recordingFaults(call(), recorded([[1000, 2000], [3000, 3500]], 3500))).toEqual([
      { code: 'recording_incomplete', agent: 'Mike', text: 'the recording ends at 3.5 s, and Mike was heard until 4.0 s' },
    ]);
    expect(recordingFaults(call(), recorded([[0, 0], [3000, 4000]]))).toEqual([
      { code: 'recording_incomplete', agent: 'Sarah', text: 'the recording is silent at 1.0 s, where Sarah was heard' },
    ]);
    expect(recordingFaults(call(), undefined)).toEqual([{ code: 'recording_incomplete', agent: null, text: 'there is no recording of it' }]);
  });

  it('is not asked for where the run itself has no verdict', () => {
    expect(recordingFaults(call('cancelled'), undefined)).toEqual([]);
    expect(recordingFaults(call('error'), undefined)).toEqual([]);
  });
});
