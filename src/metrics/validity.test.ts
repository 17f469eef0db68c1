import { describe, expect, it } from 'vitest';
import type { BottalkEvent } from '../events/event.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { foldAll } from './run-fold.ts';
import { metricsOf } from './run-metrics.ts';
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
    const brokenOff = (why: { agent?: string; reason?: string }): string[] =>
      codesOf(events.map((event) => (event.type === 'run.ended' ? { seq: event.seq, atMs: event.atMs, type: event.type, endedBy: 'error' as const, ...why } : event)));
    expect(brokenOff({ agent: 'Mike', reason: 'openai: no key' })).toEqual(['provider_failed']);
    expect(brokenOff({ reason: 'daily: the room is gone' })).toEqual(['provider_failed', 'error']);
  });

  it('is invalid when nobody turned speech into text any more, and not when somebody took that over', () => {
    const [first] = sampleCall();
    const deaf = (takenOverBy: string | null): BottalkEvent[] => [
      first as BottalkEvent,
      { seq: 1, atMs: 5000, type: 'transcription.failed', provider: 'daily', message: '5 s of speech brought no text', takenOverBy },
      { seq: 2, atMs: 5000, type: 'run.ended', endedBy: 'error', reason: '5 s of speech brought no text' },
    ];
    expect(invalidReasons(foldAll(deaf(null)))).toEqual([{ code: 'no_transcription', agent: null, text: '5 s of speech brought no text' }]);
    expect(codesOf(deaf('openai'))).toEqual(['error']);
  });

  it('blames who listened in the end, for what was said since then', () => {
    const [first, ...rest] = sampleCall();
    const started = { ...first, transcription: 'daily' } as BottalkEvent;
    const takenOver: BottalkEvent = { seq: 1, atMs: 0, type: 'transcription.failed', provider: 'daily', message: 'no', takenOverBy: 'openai' };
    const failure = { provider: 'openai', kind: 'timeout', message: 'HOST sent no transcription within 10000 ms' } as const;
    const failed: BottalkEvent = { seq: 2, atMs: 0, type: 'stt.failed', participant: 'sarah', segmentId: 'sarah-1', ...failure };
    const untranscribed = rest.filter(({ type }) => type !== 'transcript.published');
    const text = 'openai transcribed nothing of what was said: HOST sent no transcription within 10000 ms';
    const fold = foldAll([started, takenOver, failed, ...untranscribed]);
    expect(invalidReasons(fold)).toEqual([{ code: 'no_transcription', agent: null, text }]);
    expect(metricsOf(fold).transcription).toBe('openai');
    expect(codesOf([started, takenOver, failed, ...rest])).toEqual([]);
    // What was transcribed before, and what nobody said afterwards, is nothing to blame on anybody.
    const end = rest.at(-1) as BottalkEvent;
    expect(codesOf([started, ...rest.slice(0, -1), { ...takenOver, atMs: end.atMs }, end])).toEqual([]);
  });

  it('is no exchange when it was a guest who answered', () => {
    const log = new LogBuilder().says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Hello.' }).says('Mike', { fromMs: 1200, toMs: 1500, text: 'Hi.', kind: 'barge_in' });
    log.at(0, { type: 'participant.joined', participant: 'vera-1', name: 'Vera' });
    log.at(3060, { type: 'wire.speech_started', participant: 'vera-1', startMs: 3000 }).at(4300, { type: 'wire.speech_stopped', participant: 'vera-1', startMs: 3000, endMs: 4000 });
    log.at(5000, { type: 'run.ended', endedBy: 'hangup' });
    const fold = foldAll(log.build());
    expect(fold.turns.map(({ agent }) => agent)).toEqual(['Sarah', 'Vera']);
    expect(fold.roster.visits).toEqual([{ name: 'Vera', participant: 'vera-1', joinedMs: 0, leftMs: null }]);
    expect(invalidReasons(fold).map(({ code }) => code)).toEqual(['no_exchange']);
  });

  it('is invalid when an error broke it off, whatever else is missing then', () => {
    const [first] = sampleCall();
    const broken = (why: { agent?: string; reason?: string }) =>
      invalidReasons(foldAll([first as BottalkEvent, { seq: 1, atMs: 0, type: 'run.ended', endedBy: 'error', ...why }]));
    expect(broken({ agent: 'Mike', reason: 'openai: no key' })).toEqual([{ code: 'error', agent: 'Mike', text: 'openai: no key' }]);
    expect(broken({})).toEqual([{ code: 'error', agent: null, text: 'it was broken off by an error' }]);
  });

  it('is invalid when a transcription of the world made text of nothing that was said', () => {
    const heardBy = (transcription: string) =>
      sampleCall().flatMap((event) => (event.type === 'transcript.published' ? [] : [event.type === 'run.started' ? { ...event, transcription } : event]));
    expect(codesOf(heardBy('openai'))).toEqual(['no_transcription']);
    expect(codesOf(heardBy('embedded'))).toEqual([]);
    expect(invalidReasons(foldAll(heardBy('openai')))[0]?.text).toBe('openai transcribed nothing of what was said');
  });

  it('says what its brain or voice gave up for, the first time that it cost a reply', () => {
    const failed = { agent: 'Sarah', provider: 'x', kind: 'server' };
    const log = new LogBuilder();
    for (const [i, message] of ['the first try', 'no such voice', 'no more voices'].entries()) {
      log.at(1000 * i, { type: 'reply.started', agent: 'Sarah', replyId: `r${i}`, turnId: null, cause: 'turn', kind: 'reply' });
      if (i === 0) log.at(10, { type: 'llm.failed', ...failed, replyId: 'r0', requestId: 'q', message });
      else log.at(1000 * i + 500, { type: 'tts.failed', ...failed, utteranceId: `u${i}`, message });
      log.at(1000 * i + 900, { type: 'reply.stopped', agent: 'Sarah', replyId: `r${i}`, outcome: i === 0 ? 'completed' : 'failed', heard: '', unheard: '' });
    }
    const reasons = invalidReasons(foldAll(log.at(5000, { type: 'run.ended', endedBy: 'max_duration' }).build()));
    expect(reasons[0]).toEqual({ code: 'provider_failed', agent: 'Sarah', text: "Sarah's voice failed: no such voice" });
  });
});
