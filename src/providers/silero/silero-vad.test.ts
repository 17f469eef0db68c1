import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioFrame, SILENCE } from '../../audio/frame.ts';
import { FRAME_MS, FRAME_SAMPLES, samplesToMs } from '../../audio/format.ts';
import { ContentCache } from '../../base/content-cache.ts';
import type { VadStream } from '../../pipeline/vad.ts';
import { VoiceActivity, type VoiceChange } from '../../pipeline/voice-activity.ts';
import { spoken } from '../../testing/spoken.ts';
import { SileroVad } from './silero-vad.ts';
import type { TrackStore } from './track-library.ts';

const SETTINGS = { confidence: 0.6, startSecs: 0.2, stopSecs: 0.8, minVolume: 0.4 };

describe('SileroVad', () => {
  it('tells speech from silence', () => {
    const speech = windowsOf(spoken('ross', 'We have tried three tools already.').samples);
    const probabilities = ask(new SileroVad({ memo: false }).open(), speech);
    expect(Math.max(...probabilities)).toBeGreaterThan(0.95);
    const noise = windowsOf(Int16Array.from({ length: 16_000 }, (_, i) => ((i * 7919) % 61) - 30));
    expect(Math.max(...ask(new SileroVad({ memo: false }).open(), noise))).toBeLessThan(0.3);
  });

  it('keeps the streams of two peers apart', () => {
    const vad = new SileroVad({ memo: false });
    const [a, b] = [windowsOf(spoken('ross', 'Good morning.').samples), windowsOf(spoken('clara', 'Nobody knows.').samples)];
    const [first, second] = [vad.open(), vad.open()];
    const inTurns = a.map((window, n) => [first.confidence(window), ...ask(second, b.slice(n, n + 1))]);
    const alone = [ask(vad.open(), a), ask(vad.open(), b)];
    expect(inTurns.map(([probability]) => probability)).toEqual(alone[0]);
    expect(inTurns.flatMap(([, probability]) => probability ?? [])).toEqual(alone[1]?.slice(0, a.length));
  });

  it('hears offline speech start and stop within its word labels', () => {
    for (const voice of ['clara', 'ross', 'angus', 'otto']) {
      const { samples, words } = spoken(voice, 'Thanks for calling. How can I help you today?');
      const changes = hear(new SileroVad().open(), samples, { startSample: 12_345 });
      const firstMs = samplesToMs(12_345 + (words[0]?.startSample ?? 0));
      const lastMs = samplesToMs(12_345 + (words.at(-1)?.endSample ?? 0));
      expect(changes.map(({ kind }) => kind)).toEqual(['started', 'stopped']);
      const [started, stopped] = changes as [VoiceChange, VoiceChange];
      expect(started.audioMs - firstMs).toBeGreaterThan(150);
      expect(started.audioMs - firstMs).toBeLessThan(430);
      expect(Math.abs(stopped.audioMs - 800 - lastMs)).toBeLessThan(130);
    }
  });
});

describe('what SileroVad remembers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-vad-'));
  let utterances: Int16Array[][];
  let truth: number[][];

  beforeAll(() => {
    const said = ['That is the problem.', 'That is not what I said.', 'Fine.'];
    utterances = said.map((text) => windowsOf([...spoken('ross', text).samples, ...new Int16Array(16_000)]));
    truth = utterances.map((windows) => ask(new SileroVad({ memo: false }).open(), windows));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('never changes an answer, neither the first time nor later', () => {
    const stream = new SileroVad().open();
    for (let round = 0; round < 3; round++) expect(askEach(stream, utterances)).toEqual(truth);
  });

  it('holds where a known utterance is cut off, goes on differently, or is followed by another without a reset', () => {
    const [first = [], second = [], third = []] = utterances;
    const heard = [
      first.slice(0, 41),
      [...first.slice(0, 20), ...second.slice(20)],
      [...first.slice(0, 20), ...second.slice(20), ...third],
      [...first, ...second, ...third],
      [...first, ...third],
      [...second, ...first.slice(0, 70), ...third],
    ];
    const vad = new SileroVad();
    askEach(vad.open(), utterances);
    const stream = vad.open();
    for (const windows of [...heard, ...heard.toReversed()]) {
      stream.reset();
      expect(ask(stream, windows)).toEqual(ask(new SileroVad({ memo: false }).open(), windows));
    }
  });

  it('outlives the process: another one needs no inference', () => {
    const first = counted(folder);
    const stream = new SileroVad({ store: first.store }).open();
    askEach(stream, utterances);
    stream.close();
    expect(first.writes()).toBe(3);
    const second = counted(folder);
    expect(askEach(new SileroVad({ store: second.store }).open(), utterances)).toEqual(truth);
    // Whatever had to be inferred would have been written.
    expect(second.writes()).toBe(0);
  });

  it('outlives the process also where histories share a beginning', () => {
    const [first = [], second = []] = utterances;
    const heard = [first, [...first.slice(0, 50), ...second.slice(50)], first.slice(0, 30), second];
    askEach(new SileroVad({ store: counted(folder).store }).open(), heard);
    const warm = counted(folder);
    askEach(new SileroVad({ store: warm.store }).open(), heard);
    expect(warm.writes()).toBe(0);
  });

  it('makes no difference where it is damaged', () => {
    const damages: ((file: string) => void)[] = [
      (file) => truncateSync(file, 100),
      (file) => truncateSync(file, 0),
      (file) => writeFileSync(file, readFileSync(file).map((byte, i) => (i === 1000 ? byte ^ 1 : byte))),
      (file) => writeFileSync(file, 'not a track'),
      (file) => rmSync(file),
    ];
    for (const damage of damages) {
      for (const name of readdirSync(folder)) damage(join(folder, name));
      expect(askEach(new SileroVad({ store: counted(folder).store }).open(), utterances)).toEqual(truth);
    }
  });

  it('makes no difference where two processes write it at once', () => {
    const [first = [], second = []] = utterances;
    const streams = [0, 1].map(() => new SileroVad({ store: counted(folder).store }).open());
    const paths = [[...first, ...second], [...first.slice(0, 33), ...second.slice(33)]];
    const expected = paths.map((windows) => ask(new SileroVad({ memo: false }).open(), windows));
    for (let round = 0; round < 2; round++) {
      for (const stream of streams) stream.reset();
      const answers: number[][] = [[], []];
      for (let n = 0; n < Math.max(...paths.map((path) => path.length)); n++) {
        for (const [i, stream] of streams.entries()) {
          const window = paths[i]?.[n];
          if (window) answers[i]?.push(stream.confidence(window));
        }
      }
      expect(answers).toEqual(expected);
    }
  });

  it('makes no difference to speech that is said at any moment', () => {
    const { samples } = spoken('clara', 'Nobody knows.');
    const vad = new SileroVad();
    const changes = [5000, 5001, 90_017].map((startSample) => {
      const offsetMs = samplesToMs(startSample);
      return hear(vad.open(), samples, { startSample }).map((change) => ({ ...change, audioMs: Math.round((change.audioMs - offsetMs) * 100) }));
    });
    for (const others of changes) expect(others).toEqual(changes[0]);
  });
});

/** A store that counts what is written to it. */
function counted(folder: string): { readonly store: TrackStore; readonly writes: () => number } {
  const cache = new ContentCache({ folder, epochMs: () => 1_800_000_000_000 });
  let writes = 0;
  const write = (key: string, value: Uint8Array): void => {
    writes += 1;
    cache.write(key, value);
  };
  return { store: { read: (key) => cache.read(key), write }, writes: () => writes };
}

function ask(stream: VadStream, windows: readonly Int16Array[]): number[] {
  return windows.map((window) => stream.confidence(window));
}

function askEach(stream: VadStream, utterances: readonly (readonly Int16Array[])[]): number[][] {
  return utterances.map((windows) => {
    stream.reset();
    return ask(stream, windows);
  });
}

function windowsOf(samples: ArrayLike<number>): Int16Array[] {
  return Array.from({ length: Math.floor(samples.length / 512) }, (_, n) =>
    Int16Array.from({ length: 512 }, (_unused, i) => samples[n * 512 + i] as number),
  );
}

/** Hears an utterance between silence, frame by frame. */
function hear(stream: VadStream, utterance: Int16Array, { startSample }: { startSample: number }): VoiceChange[] {
  const activity = new VoiceActivity(stream, SETTINGS);
  const samples = new Int16Array(Math.ceil((startSample + utterance.length) / FRAME_SAMPLES) * FRAME_SAMPLES);
  samples.set(utterance, startSample);
  const frames = Array.from({ length: samples.length / FRAME_SAMPLES }, (_, n) =>
    audioFrame(samples.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES)),
  );
  for (let n = 0; n < 150; n++) frames.push(SILENCE);
  const changes = frames.map((frame, n) => activity.hear(frame, n * FRAME_MS));
  activity.close();
  return changes.filter((change) => change !== undefined);
}
