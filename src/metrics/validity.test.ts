import { describe, expect, it } from 'vitest';
import type { BottalkEvent } from '../events/event.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { foldAll } from './run-fold.ts';
import { invalidReasons } from './validity.ts';

/** The first turn of the call, and then its end. */
function shortCall(endedBy: 'max_turns' | 'cancelled'): BottalkEvent[] {
  const events = sampleCall({ turns: 1 });
  const { seq = 0, atMs = 0 } = events.at(-1) ?? {};
  return [...events, { seq: seq + 1, atMs, type: 'run.ended', endedBy }];
}

const codesOf = (events: readonly BottalkEvent[]): string[] => invalidReasons(foldAll(events)).map(({ code }) => code);

describe('a run', () => {
  it('can be trusted when both were heard and it has an end', () => {
    expect(codesOf(sampleCall())).toEqual([]);
  });

  it('is invalid when its log stops in mid-call', () => {
    expect(codesOf(sampleCall().slice(0, -1))).toEqual(['incomplete']);
  });

  it('is invalid when one of the two was never heard', () => {
    expect(invalidReasons(foldAll(shortCall('max_turns')))).toEqual([{ code: 'no_speech', agent: 'Mike', text: 'Mike was never heard' }]);
  });

  it('is not judged when the user cancelled it', () => {
    expect(codesOf(shortCall('cancelled'))).toEqual([]);
  });

  it('is invalid when a brain or a voice gave up', () => {
    const events = sampleCall().map((event) => (event.type === 'reply.stopped' && event.agent === 'Mike' ? { ...event, outcome: 'failed' as const } : event));
    expect(codesOf(events)).toEqual(['provider_failed']);
  });
});
