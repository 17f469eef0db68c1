import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FRAME_MS, msToSamples } from '../../audio/format.ts';
import type { Arrival } from '../../clock/arrival.ts';
import { systemWallClock } from '../../clock/wall-clock.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { LiveTts } from '../../pipeline/live-tts.ts';
import type { HeardWord } from '../../events/event.ts';
import { Utterance } from '../../pipeline/playout.ts';
import type { TtsChunk, TtsContext } from '../../pipeline/tts.ts';
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
  const received: Received[] = [];
  clock.task(async () => {
    for await (const { samples, words } of context.chunks()) {
      received.push({ atMs: clock.nowMs(), words: words.map(({ text }) => text).join(' '), samples: samples.length });
    }
    clock.stop();
  });
  return clock.run().then(() => received);
}

describe('ElevenLabs as a voice of the pipeline', () => {
  const chunk = (text: string): TtsChunk => ({ samples: new Int16Array(320), words: [{ text, startSample: 0, endSample: 320 }] });
  const recorded: Arrival<TtsChunk>[] = [
    { offsetMs: 150.5, value: chunk('One') },
    { offsetMs: 150.5, value: chunk('two') },
    { offsetMs: 401.25, value: chunk('three.') },
  ];
  const recording: LiveTts = {
    name: 'elevenlabs',
    model: 'eleven_turbo_v2_5',
    prepare: async () => undefined,
    close: async () => undefined,
    open: () => ({
      send: () => undefined,
      end: () => undefined,
      async *arrivals() {
        yield* recorded;
      },
    }),
  };

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
