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
    // A stretch that was lost stays lost, whatever else was transcribed.
    expect(codesOf([started, takenOver, failed, ...rest])).toEqual(['provider_failed']);
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
    expect(codesOf(heardBy('embedded'))).toEqual(['unheard', 'unheard']);
    expect(invalidReasons(foldAll(heardBy('openai')))[0]?.text).toBe('openai transcribed nothing of what was said');
  });

  it('says what its brain or voice gave up for, the first time that it cost a reply', () => {
    const failed = { agent: 'Sarah', provider: 'x', kind: 'server' };
    const log = new LogBuilder();
    for (const [i, message] of ['the first try', 'no such voice', 'no more voices'].entries()) {
      log.at(1000 * i, { type: 'reply.started', agent: 'Sarah', replyId: `r${i}`, turnId: null, cause: 'turn', kind: 'reply' });
      if (i === 0) {
        log.at(10, { type: 'llm.failed', ...failed, replyId: 'r0', requestId: 'q', message });
        log.at(20, { type: 'llm.completed', agent: 'Sarah', replyId: 'r0', requestId: 'q2', text: '', durationMs: 9, promptTokens: null, completionTokens: null });
      } else log.at(1000 * i + 500, { type: 'tts.failed', ...failed, utteranceId: `u${i}`, message });
      log.at(1000 * i + 900, { type: 'reply.stopped', agent: 'Sarah', replyId: `r${i}`, outcome: i === 0 ? 'completed' : 'failed', heard: '', unheard: '' });
    }
    const reasons = invalidReasons(foldAll(log.at(5000, { type: 'run.ended', endedBy: 'max_duration' }).build()));
    expect(reasons[0]).toEqual({ code: 'provider_failed', agent: 'Sarah', text: "Sarah's voice failed: no such voice" });
  });

  it('is invalid when a provider gave up, though the reply that it cost was cut off meanwhile', () => {
    const log = exchange().at(9100, { type: 'judge.failed', agent: 'Mike', turnId: 't', askId: 'a', provider: 'openai', kind: 'network', message: 'gone' });
    expect(reasonsOf(log)).toEqual([{ code: 'provider_failed', agent: 'Mike', text: "Mike's end of turn failed: gone" }]);
    const cut = exchange().at(9100, { type: 'llm.failed', agent: 'Mike', replyId: 'r', requestId: 'q', provider: 'openai', kind: 'network', message: 'gone' });
    expect(reasonsOf(cut)).toEqual([{ code: 'provider_failed', agent: 'Mike', text: "Mike's brain failed: gone" }]);
  });

  it('is invalid when a voice played only silence', () => {
    const events = exchange().at(10_000, END).build();
    const silent = events.filter((event) => !(event.type.startsWith('wire.') && 'participant' in event && event.participant === 'mike-1'));
    expect(codesOf(silent)).toEqual(['no_speech']);
  });

  it('is invalid when the machine did not keep up', () => {
    const lagged = exchange().at(10_000, { type: 'timing.lagged', worstMs: 83.4, times: 2, firstMs: 4000 });
    expect(reasonsOf(lagged)).toEqual([{ code: 'timing_unreliable', agent: null, text: 'this machine kept the call waiting for 83 ms, 2 times in all' }]);
  });

  it('is invalid when an agent knew of its peer only what it read', () => {
    const reading = exchange().at(3300, { type: 'turn.started', agent: 'Mike', turnId: 't', by: 'transcript', whileSpeaking: false });
    expect(reasonsOf(reading)).toEqual([{ code: 'deaf', agent: 'Mike', text: "Mike's voice activity detection noticed nothing of what was said" }]);
    reading.at(1200, { type: 'vad.speech_started', agent: 'Mike', participant: 'sarah-1', audioMs: 1200 });
    expect(reasonsOf(reading)).toEqual([]);
  });

  it('has no beginning without its first event', () => {
    expect(codesOf([{ seq: 0, atMs: 5, ...END }])).toEqual(['incomplete']);
  });
});

describe('an utterance that its hearer never got', () => {
  const ONE = { fromMs: 4000, toMs: 6000, text: 'Tell me your number please.', transcribed: '' };

  it('makes the run invalid, and is quoted', () => {
    expect(reasonsOf(exchange().says('Sarah', ONE))).toEqual([{ code: 'unheard', agent: 'Mike', text: 'Mike never got what Sarah said at 4.0 s: "Tell me your number please."' }]);
    const long = { fromMs: 6500, toMs: 7500, text: 'And then tell me the name of the street in which you live and its number.', transcribed: '' };
    expect(reasonsOf(exchange().says('Sarah', long).says('Sarah', { ...ONE, toMs: 5000 }))[0]?.text).toBe('Mike never got 2 of 3 things that Sarah said, the first at 4.0 s: "Tell me your number please."');
    expect(reasonsOf(exchange().says('Sarah', long))[0]?.text).toBe('Mike never got what Sarah said at 6.5 s: "And then tell me the name of the street in which you live an..."');
  });

  it.each([
    ['has fewer than three words', { ...ONE, text: 'Your number?' }],
    ['was cut off before the third', { ...ONE, text: 'Tell me', intended: ONE.text, cut: true }],
    ['takes no floor', { ...ONE, kind: 'aside' as const }],
    ['came so shortly before the end that no text could come', { ...ONE, fromMs: 8500, toMs: 9000 }],
  ])('does not count when it %s', (_, saying) => {
    expect(reasonsOf(exchange().says('Sarah', saying))).toEqual([]);
  });

  it('counts when it was cut off later, or spoken over', () => {
    expect(reasonsOf(exchange().says('Sarah', { ...ONE, cut: true }).says('Mike', { fromMs: 5000, toMs: 7000, text: 'No wait, stop it.', kind: 'barge_in' }))).toMatchObject([{ code: 'unheard', agent: 'Mike' }]);
  });

  it('was got if it was read in part, or while it was spoken', () => {
    const text = { type: 'transcript.published', participant: 'sarah-1', text: 'tell', startMs: 4000, endMs: 4500 } as const;
    for (const final of [true, false]) expect(reasonsOf(exchange().says('Sarah', ONE).at(4700, { ...text, final }))).toEqual([]);
    expect(reasonsOf(exchange().says('Sarah', ONE).at(4700, { ...text, final: true, text: ' ' }))).toMatchObject([{ code: 'unheard' }]);
  });

  it('was got if its text was refused by a hearer that listens to its name only', () => {
    const dropped = exchange().says('Sarah', { ...ONE, transcribed: ONE.text }).at(6250, { type: 'transcript.dropped', agent: 'Mike', participant: 'sarah-1', text: ONE.text, reason: 'not_addressed' });
    expect(reasonsOf(dropped)).toEqual([]);
  });

  it('is owed to nobody who was not there', () => {
    const away = exchange().at(3900, { type: 'participant.left', participant: 'mike-1', name: 'Mike', reason: 'x' }).at(6100, { type: 'participant.joined', participant: 'mike-2', name: 'Mike' });
    expect(reasonsOf(away.says('Sarah', ONE))).toEqual([]);
  });

  it('may still have been on its way to ears of the world', () => {
    const asked = exchange().says('Sarah', ONE).at(6500, { type: 'stt.requested', participant: 'sarah-1', segmentId: 's', startMs: 4000, endMs: 6000, audioMs: 2000 });
    expect(reasonsOf(asked)).toMatchObject([{ code: 'unheard' }]);
    expect(reasonsOf(asked.at(9999, { type: 'stt.cancelled', participant: 'sarah-1', segmentId: 's' }))).toEqual([]);
  });

  it('was got by ear where words are misheard on purpose', () => {
    const noisy = exchange().says('Sarah', ONE).at(4200, { type: 'vad.speech_started', agent: 'Mike', participant: 'sarah-1', audioMs: 4200 });
    const [started, ...rest] = noisy.at(10_000, END).build();
    expect(codesOf([{ ...started, scenario: { transcription: { word_error_rate: 0.3 } } } as BottalkEvent, ...rest])).toEqual([]);
    expect(codesOf(noisy.build())).toEqual(['unheard']);
  });
});

describe('words that became others on their way', () => {
  const said = Array.from({ length: 12 }, (_, i) => `word${i}`).join(' ');
  const heardAs = (wrong: number): string => said.split(' ').map((word, i) => (i < wrong ? `w${i}` : word)).join(' ');

  it('make the run invalid if they are more than half, and not by chance', () => {
    const garbled = exchange('').says('Sarah', { fromMs: 1000, toMs: 5000, text: said, transcribed: heardAs(11) });
    expect(reasonsOf(garbled)).toEqual([{ code: 'garbled', agent: 'Sarah', text: 'of 12 words of Sarah, 92 % were transcribed wrongly' }]);
    expect(reasonsOf(exchange('').says('Sarah', { fromMs: 1000, toMs: 5000, text: said, transcribed: heardAs(8) }))).toEqual([]);
  });

  it('need no more than half where there are many', () => {
    const many = exchange('');
    for (let i = 0; i < 5; i++) many.says('Sarah', { fromMs: 1000 + 1000 * i, toMs: 1900 + 1000 * i, text: said, transcribed: heardAs(7) });
    expect(reasonsOf(many)).toMatchObject([{ code: 'garbled', agent: 'Sarah' }]);
  });
});

const END = { type: 'run.ended', endedBy: 'max_turns' } as const;

/** Sarah asks and Mike answers; ten seconds long. */
function exchange(question = 'Hello, how are you?'): LogBuilder {
  const log = new LogBuilder().says('Mike', { fromMs: 7600, toMs: 7900, text: 'Fine.' });
  return question === '' ? log : log.says('Sarah', { fromMs: 1000, toMs: 2000, text: question });
}

function reasonsOf(log: LogBuilder): ReturnType<typeof invalidReasons> {
  return invalidReasons(foldAll([...log.build(), { seq: 999, atMs: 10_000, ...END }]));
}
