import { describe, expect, it } from 'vitest';
import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../audio/format.ts';
import { type AudioFrame, SILENCE } from '../audio/frame.ts';
import { Playout, Utterance, type UtteranceOutcome } from './playout.ts';
import type { TtsChunk } from './tts.ts';

const MS = SAMPLE_RATE_HZ / 1000;

/** One utterance with what became of it. */
class Told {
  readonly notes: string[] = [];
  readonly utterance: Utterance;
  outcome: UtteranceOutcome | undefined;

  constructor(id = 'u', notes: string[] = []) {
    this.utterance = new Utterance({
      id,
      kind: 'reply',
      onStarted: () => void notes.push(`${id} started`),
      onStopped: (outcome) => {
        this.outcome = outcome;
        notes.push(`${id} ${outcome.cut ? 'cut' : 'over'}`);
      },
    });
  }

  get heard(): string {
    return this.outcome?.words.map(({ text }) => text).join(' ') ?? '';
  }
}

/** Speech that counts its samples up from `from`, so that each sample shows where it belongs. Words are [text, startMs, endMs]. */
function chunk(ms: number, words: readonly (readonly [string, number, number])[] = [], from = 1): TtsChunk {
  return {
    samples: Int16Array.from({ length: ms * MS }, (_, n) => from + n),
    words: words.map(([text, startMs, endMs]) => ({ text, startSample: startMs * MS, endSample: endMs * MS })),
  };
}

/** Plays so many ticks from `fromMs`. */
function play(playout: Playout, ticks: number, fromMs = 0): AudioFrame[] {
  return Array.from({ length: ticks }, (_, n) => playout.next(fromMs + n * FRAME_MS));
}

function line(...told: readonly Told[]): Playout {
  const playout = new Playout();
  for (const { utterance } of told) playout.enqueue(utterance);
  return playout;
}

it('is silent when there is nothing to say', () => {
  expect(play(new Playout(), 2)).toEqual([SILENCE, SILENCE]);
});

describe('a word', () => {
  function cutAfter(ticks: number): Told {
    const told = new Told();
    const playout = line(told);
    // The second word ends with the third frame, the third one a sample later.
    told.utterance.receive(chunk(200, [['one', 0, 30], ['two', 30, 60], ['three', 60, 60 + 1 / MS], ['four', 70, 200]]));
    play(playout, ticks);
    playout.drop(told.utterance);
    return told;
  }

  it('is heard when its last sample was played before the cut', () => {
    expect(cutAfter(1).heard).toBe('');
    expect(cutAfter(2).heard).toBe('one');
    expect(cutAfter(3).heard).toBe('one two');
    expect(cutAfter(4).heard).toBe('one two three');
  });

  it('has the times at which it was sent', () => {
    const told = new Told();
    const playout = line(told);
    told.utterance.receive(chunk(100, [['one', 5, 45]]));
    told.utterance.complete();
    play(playout, 7, 1000);
    expect(told.outcome?.words).toEqual([{ text: 'one', startMs: 1005, endMs: 1045 }]);
  });

  it('travels in the frame in which it ends, counted from there', () => {
    const told = new Told();
    told.utterance.receive(chunk(100, [['one', 5, 45]]));
    const labels = play(line(told), 4).map(({ label }) => label?.words);
    expect(labels).toEqual([undefined, undefined, [{ text: 'one', startSample: (5 - 40) * MS, endSample: (45 - 40) * MS }], undefined]);
  });

  it('is longer on the wire when its sound runs dry in the middle', () => {
    const told = new Told();
    const playout = line(told);
    told.utterance.receive(chunk(20));
    play(playout, 3);
    // It began 10 ms before the sound that ends it, which came two ticks late.
    told.utterance.receive(chunk(20, [['one', -10, 10]]));
    told.utterance.complete();
    const [frame] = play(playout, 2, 60);
    expect(frame?.label?.words).toEqual([{ text: 'one', startSample: -50 * MS, endSample: 10 * MS }]);
    expect(told.outcome?.words).toEqual([{ text: 'one', startMs: 10, endMs: 70 }]);
  });

  it('that comes after a pause in the sound begins after it', () => {
    const told = new Told();
    const playout = line(told);
    told.utterance.receive(chunk(20, [['one', 0, 20]]));
    play(playout, 4);
    told.utterance.receive(chunk(20, [['two', 0, 20]]));
    told.utterance.complete();
    play(playout, 2, 80);
    expect(told.outcome?.words).toEqual([{ text: 'one', startMs: 0, endMs: 20 }, { text: 'two', startMs: 80, endMs: 100 }]);
  });

  it('is heard with the last sample if its alignment runs over the sound', () => {
    const told = new Told();
    const playout = line(told);
    told.utterance.receive(chunk(30, [['one', 0, 20], ['two', 20, 31]]));
    told.utterance.complete();
    play(playout, 3);
    expect(told.outcome).toMatchObject({ cut: false, words: [{ text: 'one' }, { text: 'two', endMs: 30 }] });
  });
});

describe('sound', () => {
  it('goes out sample by sample across the borders of chunks', () => {
    const told = new Told();
    const playout = line(told);
    for (let from = 1, ms = 1; from < 3200; from += ms * MS, ms += 3) told.utterance.receive(chunk(ms, [], from));
    told.utterance.receive(chunk(0));
    told.utterance.complete();
    const samples = play(playout, 12).flatMap((frame) => [...frame.samples]).filter((sample) => sample !== 0);
    expect(samples).toEqual(Array.from({ length: samples.length }, (_, n) => n + 1));
    expect(samples.length).toBe(told.utterance.receivedSamples);
  });

  it('is padded at its end, and the end comes with the next tick', () => {
    const told = new Told();
    const playout = line(told);
    told.utterance.receive(chunk(25));
    told.utterance.complete();
    const [, tail] = play(playout, 2);
    expect(tail?.samples.slice(0, 80)).toEqual(chunk(25).samples.slice(FRAME_SAMPLES));
    expect([...(tail?.samples.slice(80) ?? [])].every((sample) => sample === 0)).toBe(true);
    expect(told.outcome).toBeUndefined();
    playout.next(40);
    expect(told.outcome?.cut).toBe(false);
  });

  it('waits for whole frames while more may come', () => {
    const told = new Told();
    const playout = line(told);
    told.utterance.receive(chunk(10));
    expect(playout.next(0)).toBe(SILENCE);
    expect(told.utterance.started).toBe(false);
    told.utterance.receive(chunk(10));
    expect(playout.next(20).silent).toBe(false);
    expect(playout.next(40)).toBe(SILENCE);
    expect(told.outcome).toBeUndefined();
  });
});

describe('the line', () => {
  it('plays one after the other without a gap', () => {
    const notes: string[] = [];
    const [a, b] = [new Told('a', notes), new Told('b', notes)];
    const playout = line(a, b);
    for (const { utterance } of [a, b]) {
      utterance.receive(chunk(40));
      utterance.complete();
    }
    expect(play(playout, 5).map(({ silent }) => silent)).toEqual([false, false, false, false, true]);
    expect(notes).toEqual(['a started', 'a over', 'b started', 'b over']);
    expect(playout.idle).toBe(true);
  });

  it('passes over what ended without a sound', () => {
    const notes: string[] = [];
    const [a, b] = [new Told('a', notes), new Told('b', notes)];
    a.utterance.complete();
    b.utterance.receive(chunk(20));
    expect(line(a, b).next(0).silent).toBe(false);
    expect(notes).toEqual(['b started']);
  });

  it('loses what is dropped, and says so only of what had sounded', () => {
    const notes: string[] = [];
    const [a, b] = [new Told('a', notes), new Told('b', notes)];
    const playout = line(a, b);
    for (const { utterance } of [a, b]) utterance.receive(chunk(100));
    playout.next(0);
    playout.drop(b.utterance);
    playout.drop(a.utterance);
    playout.drop(a.utterance);
    expect(notes).toEqual(['a started', 'a cut']);
    expect(playout.next(20)).toBe(SILENCE);
  });

  it('lets an end begin the next one in the same tick', () => {
    const playout = new Playout();
    const next = new Told('next');
    const first = new Utterance({ id: 'first', kind: 'reply', onStarted: () => {}, onStopped: () => playout.enqueue(next.utterance) });
    playout.enqueue(first);
    first.receive(chunk(20));
    first.complete();
    next.utterance.receive(chunk(20));
    expect(play(playout, 2).map(({ silent }) => silent)).toEqual([false, false]);
  });
});
