import { describe, expect, it } from 'vitest';
import { FRAME_MS, FRAME_SAMPLES, msToSamples, samplesToMs } from '../audio/format.ts';
import { audioFrame, SILENCE } from '../audio/frame.ts';
import { spoken } from '../testing/spoken.ts';
import { type SpeechChange, SpeechDetector } from './speech-detector.ts';

const SENTENCES = ['Honestly, we have tried three tools already.', 'No, not yet.', 'It is Ann, from the other office.', 'Yes, she did.'];

describe('SpeechDetector', () => {
  it('finds where offline speech begins and ends, to a few milliseconds of its word labels', () => {
    const errors = ['clara', 'ross', 'angus'].flatMap((voice) =>
      SENTENCES.map((text) => {
        const { samples, words } = spoken(voice, text);
        const segments = segmentsOf(detect(after(7777, samples)));
        expect(segments).toHaveLength(1);
        const [{ startMs, endMs }] = segments as [Segment];
        return {
          onsetMs: Math.abs(startMs - samplesToMs(7777 + (words[0]?.startSample ?? 0))),
          endMs: Math.abs(endMs - samplesToMs(7777 + (words.at(-1)?.endSample ?? 0))),
        };
      }),
    );
    expect(medianOf(errors.map((error) => error.onsetMs))).toBeLessThan(10);
    expect(Math.max(...errors.map((error) => error.onsetMs))).toBeLessThan(32);
    expect(medianOf(errors.map((error) => error.endMs))).toBeLessThan(20);
    // The label of a last "d" or "t" includes a release that flite hardly speaks.
    expect(Math.max(...errors.map((error) => error.endMs))).toBeLessThan(80);
  });

  it('hears a sentence of two seconds without a pause to its end, and takes none of it for noise', () => {
    for (const voice of ['clara', 'ross', 'angus']) {
      const { samples, words } = spoken(voice, 'Our plans start at ten dollars.');
      const [{ endMs }] = segmentsOf(detect(after(7777, samples))) as [Segment];
      expect(Math.abs(endMs - samplesToMs(7777 + (words.at(-1)?.endSample ?? 0)))).toBeLessThan(32);
    }
  });

  it('takes sentences that are said one after the other for unbroken speech', () => {
    for (const voice of ['clara', 'ross', 'angus']) {
      const sentences = SENTENCES.flatMap((text) => [...spoken(voice, text).samples]);
      expect(segmentsOf(detect(sentences))).toHaveLength(1);
    }
  });

  it('parts what is more than half a second apart', () => {
    const { samples } = spoken('ross', 'Yes.');
    expect(segmentsOf(detect([...samples, ...new Int16Array(6400), ...samples]))).toHaveLength(2);
  });

  it('keeps a short word between two pauses in the speech it belongs to', () => {
    const pause = (ms: number): Int16Array => new Int16Array(msToSamples(ms));
    const changes = detect([...hum(8000), ...pause(470), ...hum(msToSamples(90)), ...pause(490), ...hum(8000)]);
    expect(segmentsOf(changes)).toEqual([{ startMs: 0, endMs: 500 + 470 + 90 + 490 + 500 }]);
  });

  it('is exact to a step where sound is cut off', () => {
    const changes = detect([...new Int16Array(4000), ...hum(8000), ...new Int16Array(16_000)]);
    expect(changes).toEqual([
      { kind: 'started', startMs: 250 },
      { kind: 'stopped', startMs: 250, endMs: 750 },
    ]);
  });

  it('says that speech stopped half a second after its end, and not before', () => {
    const detector = new SpeechDetector();
    hearAll(detector, hum(FRAME_SAMPLES * 20));
    for (let n = 20; n < 44; n++) expect(detector.hear(SILENCE, n * FRAME_MS)).toEqual([]);
    expect(detector.hear(SILENCE, 44 * FRAME_MS)).toEqual([{ kind: 'stopped', startMs: 0, endMs: 400 }]);
  });

  it('hears no speech in the hum of the mains, though it is 6 dB louder than speech has to be', () => {
    const mains = Int16Array.from({ length: 64_000 }, (_, i) => 655 * Math.sin((2 * Math.PI * 50 * i) / 16_000));
    expect(detect(mains)).toEqual([]);
  });

  it('takes neither a click nor quiet noise for speech', () => {
    const noise = Int16Array.from({ length: 32_000 }, (_, i) => ((i * 7919) % 120) - 60);
    expect(detect(noise)).toEqual([]);
    const click = new Int16Array(32_000);
    click.fill(9000, 16_000, 16_100);
    expect(detect(click)).toEqual([]);
  });

  it('says that speech started a fifth of a second after its beginning, or as soon as it is over', () => {
    const detector = new SpeechDetector();
    expect(hearAll(detector, hum(FRAME_SAMPLES * 10))).toEqual([]);
    expect(hearAll(detector, hum(FRAME_SAMPLES), 200)).toEqual([{ kind: 'started', startMs: 0 }]);
    const short = new SpeechDetector();
    hearAll(short, hum(FRAME_SAMPLES * 3));
    for (let n = 3; n < 8; n++) expect(short.hear(SILENCE, n * FRAME_MS)).toEqual([]);
    expect(short.hear(SILENCE, 8 * FRAME_MS)).toEqual([{ kind: 'started', startMs: 0 }]);
  });

  it('takes the noise of a line for no part of the speech in it, however long it goes on', () => {
    for (const amplitude of [130, 400]) {
      const noise = hum(64_000, amplitude);
      // It ends after 4500 ms; what takes out hum rings on for a step.
      expect(segmentsOf(detect([...noise, ...hum(8000), ...noise])).at(-1)).toEqual({ startMs: 4000, endMs: 4505 });
    }
  });

  it('takes noise that sets in after silence for speech until it has heard two seconds of it', () => {
    const segments = segmentsOf(detect(hum(80_000, 400)));
    expect(segments).toHaveLength(1);
    expect(segments[0]?.endMs).toBeLessThan(2500);
  });

  it('counts frames that were left out as silence', () => {
    const detector = new SpeechDetector();
    expect(hearAll(detector, hum(FRAME_SAMPLES * 20))).toHaveLength(1);
    expect(hearAll(detector, hum(FRAME_SAMPLES * 20), 5000)).toEqual([
      { kind: 'stopped', startMs: 0, endMs: 400 },
      { kind: 'started', startMs: 5000 },
    ]);
  });

  it('closes what is open when the call is over', () => {
    const detector = new SpeechDetector();
    hearAll(detector, hum(FRAME_SAMPLES * 20));
    expect(detector.flush(400)).toEqual([{ kind: 'stopped', startMs: 0, endMs: 400 }]);
    expect(detector.flush(400)).toEqual([]);
  });
});

type Segment = { readonly startMs: number; readonly endMs: number };

function detect(samples: ArrayLike<number>): SpeechChange[] {
  return hearAll(new SpeechDetector(), Int16Array.from([...Array.from(samples), ...new Int16Array(16_000)]));
}

function hearAll(detector: SpeechDetector, samples: Int16Array, startMs = 0): SpeechChange[] {
  const changes: SpeechChange[] = [];
  for (let n = 0; (n + 1) * FRAME_SAMPLES <= samples.length; n++) {
    const frame = audioFrame(samples.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES));
    changes.push(...detector.hear(frame, startMs + n * FRAME_MS));
  }
  return changes;
}

/** Every start must have its stop. */
function segmentsOf(changes: readonly SpeechChange[]): Segment[] {
  expect(changes.map(({ kind }) => kind)).toEqual(changes.map((_, i) => (i % 2 === 0 ? 'started' : 'stopped')));
  return changes.flatMap((change) => (change.kind === 'stopped' ? [{ startMs: change.startMs, endMs: change.endMs }] : []));
}

function after(startSample: number, samples: Int16Array): Int16Array {
  return Int16Array.from([...new Int16Array(startSample), ...samples]);
}

function hum(length: number, amplitude = 3000): Int16Array {
  return Int16Array.from({ length }, (_, i) => (i % 64 < 32 ? amplitude : -amplitude));
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
