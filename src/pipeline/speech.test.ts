import { describe, expect, it } from 'vitest';
import { FRAME_MS } from '../audio/format.ts';
import { BugError, ProviderError } from '../base/errors.ts';
import type { LiveFailure } from '../clock/live-answer.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { systemWallClock } from '../clock/wall-clock.ts';
import type { BottalkEvent } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { type Singing, ToneVoice } from '../testing/tone-voice.ts';
import { Playout } from './playout.ts';
import { Speech, type SpeechOutcome } from './speech.ts';
import type { TtsProvider } from './tts.ts';

/** One speech on a clock: words of 200 ms, first sample 100 ms after a sentence, playout at each tick. */
class Scene {
  readonly clock = new VirtualClock({ wall: systemWallClock });
  readonly events: BottalkEvent[] = [];
  readonly playout = new Playout();
  readonly voice: ToneVoice;
  readonly speech: Speech;
  readonly outcomes: (SpeechOutcome & { readonly atMs: number })[] = [];
  readonly sent: boolean[] = [];

  constructor(singing: (sentence: string) => Singing = () => 'whole', tts?: TtsProvider) {
    const { clock, playout } = this;
    const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void this.events.push(event) }] });
    this.voice = new ToneVoice({ clock, singing });
    clock.every(FRAME_MS, { phase: 'playout', order: 0 }, () => void this.sent.push(!playout.next(clock.nowMs()).silent));
    this.speech = new Speech(
      { clock, log, playout, tts: tts ?? this.voice, agent: 'Ann', voice: 'v', order: 0 },
      { utteranceId: 'u', replyId: 'r', kind: 'reply', onStopped: (outcome) => void this.outcomes.push({ ...outcome, atMs: clock.nowMs() }) },
    );
  }

  at(ms: number, fn: (speech: Speech) => void): this {
    this.clock.at(ms, { phase: 'turn', order: 0 }, () => fn(this.speech));
    return this;
  }

  async run(untilMs = 20_000): Promise<this> {
    this.clock.at(untilMs, { phase: 'publish', order: 0 }, () => this.clock.stop());
    await this.clock.run();
    return this;
  }

  get lines(): string[] {
    return this.events.map(({ atMs, type }) => `${atMs} ${type}`);
  }
}

const says = (...sentences: readonly string[]) => (speech: Speech): void => {
  for (const sentence of sentences) speech.send(sentence);
  speech.end();
};

it('tells what the voice and the playout do', async () => {
  const { lines, outcomes, events } = await new Scene().at(0, says('One two.', 'Three.')).run();
  expect(lines).toEqual([
    '0 tts.requested',
    '0 tts.sentence_sent',
    '0 tts.sentence_sent',
    '100 tts.first_audio',
    '100 utterance.started',
    '200 tts.completed',
    '700 utterance.stopped',
  ]);
  expect(outcomes).toEqual([{ heard: 'One two. Three.', unheard: '', cut: false, failed: false, atMs: 700 }]);
  expect(events.find(({ type }) => type === 'tts.completed')).toMatchObject({ durationMs: 200, audioMs: 600, characters: 14 });
});

it('goes on when a sentence comes after the sound has run dry', async () => {
  const { outcomes, sent } = await new Scene().at(0, (speech) => speech.send('One.')).at(1000, says('Two.')).run();
  expect(outcomes).toMatchObject([{ heard: 'One. Two.', cut: false, atMs: 1300 }]);
  expect(sent.filter(Boolean).length).toBe(20);
});

it('is over at once when there is nothing to say', async () => {
  const { lines, outcomes } = await new Scene().at(40, says()).run();
  expect(lines).toEqual([]);
  expect(outcomes).toEqual([{ heard: '', unheard: '', cut: false, failed: false, atMs: 40 }]);
});

describe('cancelled', () => {
  it.each([
    ['before the first sound', 60, '', 'One two. Three.'],
    ['before the voice has finished', 110, '', 'One two. Three.'],
    ['before the last frame of the first word goes out', 280, '', 'One two. Three.'],
    ['when that frame is on its way', 281, 'One', 'two. Three.'],
    ['after the voice has finished', 650, 'One two.', 'Three.'],
  ])('%s, it keeps what was heard and ends the stream', async (_title, atMs, heard, unheard) => {
    const scene = await new Scene().at(0, says('One two.', 'Three.')).at(atMs, (speech) => speech.cancel()).run();
    expect(scene.outcomes).toEqual([{ heard, unheard, cut: true, failed: false, atMs }]);
    expect(scene.voice.sung[0]).toMatchObject({ returned: true, signal: { aborted: true } });
    const types = scene.events.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith('tts.c'))).toEqual([atMs < 200 ? 'tts.cancelled' : 'tts.completed']);
    expect(types.filter((type) => type === 'utterance.started').length).toBe(types.filter((type) => type === 'utterance.stopped').length);
    expect(scene.sent.slice(Math.ceil(atMs / FRAME_MS)).some(Boolean)).toBe(false);
  });

  it('at every moment, it ends once and leaves nothing open', async () => {
    for (let atMs = 0; atMs <= 760; atMs += 20) {
      const scene = await new Scene().at(0, says('One two.', 'Three.')).at(atMs, (speech) => speech.cancel()).run(2000);
      const count = (...types: string[]): number => scene.events.filter(({ type }) => types.includes(type)).length;
      expect(scene.outcomes.length).toBe(1);
      expect(count('tts.completed', 'tts.cancelled')).toBe(1);
      expect(count('utterance.started')).toBe(count('utterance.stopped'));
    }
  });

  it('twice, or after its end, it does nothing more', async () => {
    const scene = await new Scene().at(0, says('One.')).at(500, (speech) => speech.cancel()).at(600, (speech) => speech.send('Two.')).run();
    expect(scene.outcomes.length).toBe(1);
    expect(scene.lines.at(-1)).toBe('300 utterance.stopped');
  });
});

describe('a voice that fails', () => {
  it.each([
    ['sends nothing', 'empty', 100, 'empty', ''],
    ['fails at once', { failsAfter: 0 }, 100, 'network', ''],
    ['fails in the middle: what has come is said', { failsAfter: 2 }, 500, 'network', 'One two'],
    ['stalls: it is given three seconds', 'stalls', 3000, 'timeout', ''],
  ] as const)('%s', async (_title, singing, atMs, kind, heard) => {
    const scene = await new Scene(() => singing).at(0, says('One two three.')).run();
    expect(scene.outcomes).toMatchObject([{ heard, failed: true, cut: false, atMs }]);
    expect(scene.events.find(({ type }) => type === 'tts.failed')).toMatchObject({ provider: 'tone', kind });
    expect(scene.voice.sung[0]?.returned).toBe(true);
  });

  it('stalls in the second sentence: the first is said, and the wait counts from the last sound', async () => {
    const scene = await new Scene((sentence) => (sentence === 'Two.' ? 'stalls' : 'whole')).at(0, says('One.', 'Two.')).run();
    expect(scene.outcomes).toMatchObject([{ heard: 'One.', unheard: 'Two.', failed: true, atMs: 3100 }]);
  });

  it('is not waited for while the model still writes', async () => {
    const scene = await new Scene().at(0, (speech) => speech.send('One.')).at(9000, says('Two.')).run();
    expect(scene.outcomes).toMatchObject([{ heard: 'One. Two.', failed: false }]);
  });

  it('tries again: the next try has its whole time, from when it is made', async () => {
    const failure: LiveFailure = { provider: 'x', kind: 'timeout', message: 'no sound for 2500 ms', retryable: true, status: null };
    const tried = (secondTryMs: number): TtsProvider => ({
      name: 'x',
      model: 'x',
      open: (_request, signal, onRetry) => ({
        send: () => {},
        end: () => {},
        async *chunks() {
          await scene.clock.sleep(2500, { signal });
          onRetry?.({ attempt: 1, retryInMs: 200, failure });
          await scene.clock.sleep(200 + secondTryMs, { signal });
          yield { samples: new Int16Array(3200).fill(1000), words: [{ text: 'One.', startSample: 0, endSample: 3200 }] };
        },
      }),
    });
    let scene = new Scene(undefined, tried(2900));
    await scene.at(0, says('One.')).run();
    expect(scene.outcomes).toMatchObject([{ heard: 'One.', failed: false }]);
    expect(scene.lines).toEqual([
      '0 tts.requested',
      '0 tts.sentence_sent',
      '2500 tts.retried',
      '5600 tts.first_audio',
      '5600 tts.completed',
      '5600 utterance.started',
      '5800 utterance.stopped',
    ]);
    expect(scene.events[2]).toMatchObject({ utteranceId: 'u', provider: 'x', kind: 'timeout', message: failure.message, attempt: 1, retryInMs: 200 });
    scene = new Scene(undefined, tried(3001));
    await scene.at(0, says('One.')).run();
    expect(scene.outcomes).toMatchObject([{ heard: '', failed: true, atMs: 5700 }]);
  });

  it('is asked for nothing more', async () => {
    const scene = new Scene(() => ({ failsAfter: 1 }));
    await scene.at(0, (speech) => speech.send('One two.')).at(150, says('Three.')).run();
    expect(scene.voice.sung[0]?.sentences).toEqual(['One two.']);
    expect(scene.outcomes).toMatchObject([{ heard: 'One', unheard: 'two. Three.', failed: true }]);
  });

  it('sends an empty chunk first: the first audio is the first sample', async () => {
    const one = new Int16Array(320).fill(1000);
    const tts: TtsProvider = {
      name: 'x',
      model: 'x',
      open: () => ({
        send: () => {},
        end: () => {},
        async *chunks() {
          yield { samples: new Int16Array(0), words: [] };
          await scene.clock.sleep(80);
          yield { samples: one, words: [] };
        },
      }),
    };
    const scene: Scene = new Scene(undefined, tts);
    await scene.at(0, says('One.')).run();
    expect(scene.events.filter(({ type }) => type === 'tts.first_audio')).toMatchObject([{ ttfbMs: 80 }]);
  });

  it('with a fault of our own ends the run', async () => {
    const broken = { name: 'x', model: 'x', open: () => ({ send: () => {}, end: () => {}, chunks: () => failing(new BugError('ours')) }) };
    await expect(new Scene(undefined, broken).at(0, says('One.')).run()).rejects.toThrow('ours');
    const unlucky = { ...broken, open: () => ({ ...broken.open(), chunks: () => failing(new ProviderError('theirs', { provider: 'x', kind: 'server' })) }) };
    expect((await new Scene(undefined, unlucky).at(0, says('One.')).run()).outcomes).toMatchObject([{ failed: true }]);
  });
});

function failing(error: Error): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}
