import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FRAME_MS, msToSamples } from '../../audio/format.ts';
import type { Arrival } from '../../clock/arrival.ts';
import type { LiveFailure, LivePiece } from '../../clock/live-answer.ts';
import { systemWallClock } from '../../clock/wall-clock.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { LiveTts, Sound } from '../../pipeline/live-tts.ts';
import type { HeardWord } from '../../events/event.ts';
import { Utterance } from '../../pipeline/playout.ts';
import type { SpeechTake } from '../../pipeline/tape.ts';
import type { TtsContext } from '../../pipeline/tts.ts';
import { ElevenLabsServer } from '../../testing/eleven-labs/eleven-labs-server.ts';
import { LiveVoice } from './live-voice.ts';
import { ElevenLabsHttpTts } from '../elevenlabs/http-tts.ts';
import { ElevenLabsSocketTts } from '../elevenlabs/socket-tts.ts';
import { SpeechAssembler } from '../elevenlabs/speech-assembler.ts';

/** The vendor's client takes its time to load, the more so on a busy machine. */
beforeAll(() => import('@elevenlabs/elevenlabs-js'), 60_000);

const request = { agent: 'System', replyId: 'reply-1', voice: 'rachel' };

/** What was received, and when in call time. */
type Received = { atMs: number; words: string; samples: number };

function take(clock: VirtualClock, context: TtsContext): Promise<Received[]> {
  const received = listenTo(clock, context);
  return clock.run().then(() => received);
}

/** Stops the clock at the end. */
function listenTo(clock: VirtualClock, context: TtsContext): Received[] {
  const received: Received[] = [];
  clock.task(async () => {
    for await (const { samples, words } of context.chunks()) {
      received.push({ atMs: clock.nowMs(), words: words.map(({ text }) => text).join(' '), samples: samples.length });
    }
    clock.stop();
  });
  return received;
}

describe('ElevenLabs as a voice of the pipeline', () => {
  const chunk = (text: string): Sound => ({ kind: 'sound', samples: new Int16Array(320), words: [{ text, startSample: 0, endSample: 320 }] });
  const recorded: Arrival<LivePiece<Sound>>[] = [
    { offsetMs: 150.5, value: chunk('One') },
    { offsetMs: 150.5, value: chunk('two') },
    { offsetMs: 401.25, value: chunk('three.') },
    { offsetMs: 420, value: { kind: 'ended' } },
  ];
  const recordingOf = (pieces: readonly Arrival<LivePiece<Sound>>[]): LiveTts => ({
    name: 'elevenlabs',
    model: 'eleven_turbo_v2_5',
    prepare: async () => undefined,
    close: async () => undefined,
    open: () => ({
      send: () => undefined,
      end: () => undefined,
      async *arrivals() {
        yield* pieces;
      },
    }),
  });
  const recording = recordingOf(recorded);

  test('delivers a recording at the call times at which it was recorded', async () => {
    const clock = new VirtualClock({ wall: systemWallClock });
    const voice = new LiveVoice({ clock, tts: recording, charge: 'none' });
    expect([voice.name, voice.model]).toEqual(['elevenlabs', 'eleven_turbo_v2_5']);
    expect(await take(clock, voice.open(request, new AbortController().signal))).toEqual([
      { atMs: 150.5, words: 'One', samples: 320 },
      { atMs: 150.5, words: 'two', samples: 320 },
      { atMs: 401.25, words: 'three.', samples: 320 },
    ]);
  });

  test('ends with the last piece, which has its time like every other', async () => {
    const clock = new VirtualClock({ wall: systemWallClock });
    await take(clock, new LiveVoice({ clock, tts: recording, charge: 'none' }).open(request, new AbortController().signal));
    expect(clock.nowMs()).toBe(420);
  });

  test('tells of tries that failed, and fails, when the voice did', async () => {
    const failure: LiveFailure = { provider: 'elevenlabs', kind: 'empty', message: 'no sound', retryable: true, status: null };
    const clock = new VirtualClock({ wall: systemWallClock });
    const tts = recordingOf([
      { offsetMs: 90, value: { kind: 'retrying', attempt: 1, retryInMs: 200, failure } },
      { offsetMs: 410.125, value: { kind: 'failed', failure: { ...failure, retryable: false } } },
    ]);
    const retries: unknown[] = [];
    const voice = new LiveVoice({ clock, tts, charge: 'none' });
    const context = voice.open(request, new AbortController().signal, ({ attempt, retryInMs }) => void retries.push([clock.nowMs(), attempt, retryInMs]));
    await expect(take(clock, context)).rejects.toMatchObject({ name: 'ProviderError', kind: 'empty', message: 'no sound', retryable: false });
    expect(retries).toEqual([[90, 1, 200]]);
    expect(clock.nowMs()).toBe(410.125);
  });

  test('has taken down what it is told and each piece of the answer, with the times since it was opened', async () => {
    const clock = new VirtualClock({ wall: systemWallClock });
    const tape: unknown[] = [];
    const opened = (model: string, { voice }: typeof request): SpeechTake => {
      tape.push(['opened', model, voice]);
      return {
        sent: (sentence, offsetMs) => void tape.push(['sent', sentence, offsetMs]),
        ended: (offsetMs) => void tape.push(['no more', offsetMs]),
        arrived: (piece, offsetMs) => void tape.push([piece.kind, offsetMs]),
      };
    };
    const voice = new LiveVoice({ clock, tts: recording, charge: 'none', tape: { asked: () => () => undefined, opened } });
    let received: Received[] = [];
    clock.at(1000, { phase: 'turn', order: 0 }, () => {
      const context = voice.open(request, new AbortController().signal);
      context.send('One two');
      clock.at(1200.5, { phase: 'turn', order: 0 }, () => context.send('three.'));
      clock.at(1300, { phase: 'turn', order: 0 }, () => context.end());
      received = listenTo(clock, context);
    });
    await clock.run();
    expect(received).toHaveLength(3);
    expect(tape).toEqual([
      ['opened', 'eleven_turbo_v2_5', 'rachel'],
      ['sent', 'One two', 0],
      ['sound', 150.5],
      ['sound', 150.5],
      ['sent', 'three.', 200.5],
      ['no more', 300],
      ['sound', 401.25],
      ['ended', 420],
    ]);
  });

  test('stops without a word when its signal aborts', async () => {
    const clock = new VirtualClock({ wall: systemWallClock });
    const barge = new AbortController();
    const voice = new LiveVoice({ clock, tts: recording, charge: 'none' });
    clock.at(200, { phase: 'turn', order: 0 }, () => barge.abort());
    expect((await take(clock, voice.open(request, barge.signal))).map(({ words }) => words)).toEqual(['One', 'two']);
  });

  test('a last word that comes without sound is heard with the sound before it', () => {
    const heard: HeardWord[] = [];
    const utterance = new Utterance({ id: 'u', kind: 'reply', onStarted: () => undefined, onStopped: ({ words }) => void heard.push(...words) });
    const speech = new SpeechAssembler();
    const sound = speech.add(Buffer.alloc(2 * msToSamples(100)), [{ text: 'Hi', startMs: 0, endMs: 40 }]);
    const rest = speech.finish([{ text: 'there', startMs: 50, endMs: 90 }]);
    for (const piece of [sound, rest]) if (piece) utterance.receive(piece);
    utterance.complete();
    for (let atMs = 1000; !utterance.finished; atMs += FRAME_MS) utterance.take(atMs);
    utterance.stop(false);
    expect(heard).toEqual([
      { text: 'Hi', startMs: 1000, endMs: 1040 },
      { text: 'there', startMs: 1050, endMs: 1090 },
    ]);
  });

  describe('live', () => {
    let server: ElevenLabsServer;

    beforeEach(async () => {
      server = await ElevenLabsServer.start();
    });

    afterEach(() => server.close());

    test.each([ElevenLabsSocketTts, ElevenLabsHttpTts])('speaks in call time over either protocol (%o)', async (Adapter) => {
      const clock = new VirtualClock({ wall: systemWallClock });
      const tts = new Adapter({ wall: systemWallClock, apiKey: server.apiKey, model: 'eleven_turbo_v2_5', baseUrl: server.baseUrl });
      const context = new LiveVoice({ clock, tts, charge: 'wall' }).open(request, new AbortController().signal);
      context.send('Hello there.');
      context.send('How are you?');
      context.end();
      const received = await take(clock, context);
      expect(received.map(({ words }) => words).filter(Boolean).join(' ')).toBe('Hello there. How are you?');
      expect(received.every(({ atMs }) => atMs > 0)).toBe(true);
      await tts.close();
    });

    test('throws what the world did', async () => {
      const clock = new VirtualClock({ wall: systemWallClock });
      const tts = new ElevenLabsSocketTts({ wall: systemWallClock, apiKey: 'wrong', model: 'eleven_turbo_v2_5', baseUrl: server.baseUrl });
      const context = new LiveVoice({ clock, tts, charge: 'wall' }).open(request, new AbortController().signal);
      context.send('Hello.');
      await expect(take(clock, context)).rejects.toMatchObject({ name: 'ProviderError', kind: 'unauthorized' });
      await tts.close();
    });
  });
});
