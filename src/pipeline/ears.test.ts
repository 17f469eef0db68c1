import { describe, expect, it } from 'vitest';
import { FRAME_MS, FRAME_SAMPLES, msToSamples } from '../audio/format.ts';
import { audioFrame } from '../audio/frame.ts';
import type { NewEvent } from '../events/event.ts';
import { energyVad } from '../testing/energy-vad.ts';
import { Ears } from './ears.ts';

const MIKE = { id: 'mike', name: 'Mike' };
const SUE = { id: 'sue', name: 'Sue' };
const START_SECS = 0.2;

/** Ears that hear what is loud in [fromMs, toMs) spans; quiet samples are a ramp that shows where they belong. */
class Listener {
  readonly events: NewEvent[] = [];
  readonly changes: string[] = [];
  inTurn = false;
  nowMs = 0;
  readonly ears: Ears;
  readonly heard: number[] = [];

  constructor() {
    this.ears = new Ears({
      agent: 'Ann',
      log: { append: (event) => void this.events.push(event) },
      vad: energyVad,
      settings: { confidence: 0.5, startSecs: START_SECS, stopSecs: 0.2, minVolume: 0 },
      keepsAudio: true,
      inTurn: () => this.inTurn,
      onStarted: (atMs) => {
        this.inTurn = true;
        this.changes.push(`started ${atMs}`);
      },
      onStopped: (atMs) => void this.changes.push(`stopped ${atMs}`),
    });
  }

  /** Hears Mike (and whoever else) until then; each peer's loud spans in call milliseconds. */
  until(toMs: number, spans: Readonly<Record<string, readonly (readonly [number, number])[]>>): this {
    for (; this.nowMs < toMs; this.nowMs += FRAME_MS) {
      for (const peer of [MIKE, SUE]) {
        const loud = spans[peer.id]?.some(([from, to]) => from <= this.nowMs && this.nowMs < to);
        if (loud === undefined) continue;
        const mark = Math.floor(this.nowMs / FRAME_MS) % 100;
        const samples = Int16Array.from({ length: FRAME_SAMPLES }, (_, n) => mark + (loud ? 6000 * (n % 64 < 32 ? 1 : -1) : 1));
        if (peer === MIKE) this.heard.push(...samples);
        this.ears.hear(peer, audioFrame(samples), this.nowMs);
      }
      this.ears.tick(this.nowMs + FRAME_MS);
    }
    return this;
  }

  /** Mike's samples between two call times. */
  samples(fromMs: number, toMs: number): Int16Array {
    return Int16Array.from(this.heard.slice(msToSamples(fromMs), msToSamples(toMs)));
  }

  /** When the VAD first said that Mike speaks. */
  get decidedMs(): number {
    const started = this.events.find(({ type }) => type === 'vad.speech_started');
    return started?.type === 'vad.speech_started' ? started.audioMs : Number.NaN;
  }
}

describe('the audio of a turn', () => {
  const before = 500 + START_SECS * 1000;

  it('begins 0.5 s and the start time before the VAD said so, and ends now', () => {
    const made = new Listener().until(4000, { mike: [[2000, 3000]] });
    expect(made.decidedMs).toBeGreaterThan(2150);
    expect(made.ears.turnAudio()).toEqual(made.samples(made.decidedMs - before, 4000));
  });

  it('begins with the first thing heard if that is later', () => {
    const made = new Listener().until(1000, { mike: [[100, 900]] });
    expect(made.ears.turnAudio()).toEqual(made.samples(0, 1000));
  });

  it('is the last 8 s of a longer turn, in order across the ring', () => {
    for (const endMs of [8000, 8020, 11_980, 16_000, 23_460]) {
      const made = new Listener().until(endMs, { mike: [[400, endMs]] });
      expect(made.ears.turnAudio().length).toBe(msToSamples(Math.min(8000, endMs)));
      expect(made.ears.turnAudio()).toEqual(made.samples(Math.max(0, endMs - 8000), endMs));
    }
  });

  it('goes on through pauses of the turn and begins anew with the next', () => {
    const made = new Listener().until(5000, { mike: [[1000, 2000], [3000, 4000]] });
    const first = made.decidedMs;
    expect(made.ears.turnAudio()).toEqual(made.samples(first - before, 5000));
    made.ears.endTurn();
    made.inTurn = false;
    expect(made.ears.turnAudio().length).toBe(0);
    made.events.length = 0;
    made.until(8000, { mike: [[6000, 7000]] });
    expect(made.ears.turnAudio()).toEqual(made.samples(made.decidedMs - before, 8000));
  });

  it('does not begin with speech that began no turn', () => {
    const made = new Listener().until(3000, { mike: [[1000, 2000]] });
    made.inTurn = false;
    made.events.length = 0;
    made.until(6000, { mike: [[4000, 5000]] });
    expect(made.ears.turnAudio()).toEqual(made.samples(made.decidedMs - before, 6000));
  });

  it('begins here when a turn ends in the middle of speech', () => {
    const made = new Listener().until(2000, { mike: [[1000, 3000]] });
    made.ears.endTurn();
    made.until(3400, { mike: [[1000, 3000]] });
    expect(made.ears.turnAudio()).toEqual(made.samples(2000, 3400));
  });

  it('is that of the peer who was heard last', () => {
    const made = new Listener().until(4000, { mike: [[1000, 2000]], sue: [[2400, 3000]] });
    expect(made.ears.turnAudio().length).toBeLessThan(msToSamples(2400));
    made.until(6000, { mike: [[4000, 5000]], sue: [] });
    expect(made.ears.turnAudio().at(-1)).toBe(made.heard.at(-1));
  });
});

describe('speech', () => {
  it('of several peers is one until the last has stopped', () => {
    const { changes } = new Listener().until(5000, { mike: [[1000, 2000]], sue: [[1500, 3000]] });
    expect(changes.map((change) => change.split(' ')[0])).toEqual(['started', 'stopped']);
    expect(Number(changes[0]?.split(' ')[1])).toBeCloseTo(1000, -2);
    expect(Number(changes[1]?.split(' ')[1])).toBeCloseTo(3000, -2);
  });

  it('of one who leaves is over, and what was found and not acted on is forgotten', () => {
    const made = new Listener().until(1500, { mike: [[1000, 9000]] });
    made.ears.forget('mike');
    expect(made.changes.at(-1)).toBe('stopped 1500');
    made.ears.forget('mike');
    made.ears.forget('nobody');
    expect(made.changes.length).toBe(2);

    const leaving = new Listener();
    // The frame that decides is heard, and Mike is gone before the agent's tick.
    for (let ms = 0; ms < 400; ms += FRAME_MS) leaving.ears.hear(MIKE, audioFrame(new Int16Array(FRAME_SAMPLES).fill(6000)), ms);
    leaving.ears.forget('mike');
    leaving.ears.tick(400);
    expect([leaving.changes, leaving.events]).toEqual([[], []]);
  });

  it('that goes on at the end is called off', () => {
    const made = new Listener().until(1500, { mike: [[1000, 9000]], sue: [[1200, 9000]] });
    made.ears.close();
    expect(made.events.map(({ type }) => type)).toEqual(['vad.speech_started', 'vad.speech_started', 'vad.speech_stopped', 'vad.speech_stopped']);
  });

  it('of a line gone dead is called off after a second', () => {
    const made = new Listener().until(1500, { mike: [[1000, 9000]] });
    made.until(3000, {});
    expect(made.events.at(-1)).toMatchObject({ type: 'vad.speech_stopped', audioMs: 2500, silenceMs: 1000, rescued: true });
  });
});
