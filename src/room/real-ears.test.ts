import { describe, expect, it } from 'vitest';
import { FRAME_MS, FRAME_SAMPLES, msToSamples } from '../audio/format.ts';
import { type AudioFrame, audioFrame, SILENCE } from '../audio/frame.ts';
import type { Arrival } from '../clock/arrival.ts';
import type { LivePiece } from '../clock/live-answer.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { BottalkEvent } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { LiveTranscription } from '../providers/live/live-transcription.ts';
import { ManualWallClock } from '../testing/manual-wall-clock.ts';
import type { HeardText, LiveStt, SpeechSegment, SttTape } from './live-stt.ts';
import { RealEars } from './real-ears.ts';
import type { Transcript } from './room.ts';

const SARAH = { id: 'sarah-1', name: 'Sarah' };
const LOUD: AudioFrame = audioFrame(Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => (i % 64 < 32 ? 3000 : -3000)));

type Answer = { readonly afterMs: number; readonly pieces: readonly LivePiece<HeardText>[] };
const text = (words: string): LivePiece<HeardText>[] => [{ kind: 'text', text: words }, { kind: 'ended' }];

/** A recording of answers, one for each segment, and what it was asked. */
class Answers implements LiveStt {
  readonly name = 'listed';
  readonly model = 'list';
  readonly asked: SpeechSegment[] = [];
  readonly #answers: readonly Answer[];

  constructor(answers: readonly Answer[]) {
    this.#answers = answers;
  }

  async prepare(): Promise<void> {}

  async *transcribe(segment: SpeechSegment): AsyncGenerator<Arrival<LivePiece<HeardText>>> {
    const answer = this.#answers[this.asked.length];
    this.asked.push(segment);
    for (const value of answer?.pieces ?? []) yield { offsetMs: answer?.afterMs ?? 0, value };
  }
}

type Published = Transcript & { readonly atMs: number };
type Call = { readonly events: BottalkEvent[]; readonly published: Published[]; readonly stt: Answers; readonly taped: string[] };

/** Sarah sounds during these spans; the call lasts for `untilMs`, or she leaves then. */
async function call(
  answers: readonly Answer[],
  sounds: readonly (readonly [number, number])[],
  { untilMs = 10_000, leavesMs = untilMs, interimIntervalMs }: { untilMs?: number; leavesMs?: number; interimIntervalMs?: number } = {},
): Promise<Call> {
  const clock = new VirtualClock({ wall: new ManualWallClock() });
  const events: BottalkEvent[] = [];
  const published: Published[] = [];
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }] });
  const stt = new Answers(answers);
  const taped: string[] = [];
  const tape: SttTape = {
    heard: (model, { speaker, samples }) => {
      taped.push(`${model} ${speaker} ${samples.length}`);
      return ({ kind }, offsetMs) => void taped.push(`${offsetMs} ${kind}`);
    },
  };
  const live = new LiveTranscription({ clock, stt, charge: 'none', tape });
  const ears = new RealEars({ clock, log, stt: live, interimIntervalMs, publish: (transcript) => published.push({ ...transcript, atMs: clock.nowMs() }) });
  const sounding = (ms: number): boolean => sounds.some(([from, to]) => ms >= from && ms < to);
  clock.every(FRAME_MS, { phase: 'room', order: 0 }, (n) => {
    const startMs = (n - 1) * FRAME_MS;
    if (startMs < leavesMs) ears.hear(SARAH, sounding(startMs) ? LOUD : n % 2 === 0 ? SILENCE : undefined, startMs);
  });
  clock.at(leavesMs, { phase: 'turn', order: 0 }, () => ears.forget(SARAH.id));
  clock.at(untilMs, { phase: 'publish', order: 9 }, () => clock.stop());
  await clock.run();
  return { events, published, stt, taped };
}

const kinds = ({ events }: Call): string[] => events.map(({ type, atMs }) => `${atMs} ${type}`);

describe('the ears of the world', () => {
  it('send a stretch of speech with a margin on both sides once the pause has lasted half a second', async () => {
    const made = await call([{ afterMs: 300, pieces: text(' hello there ') }], [[1000, 2000]]);
    expect(made.events[0]).toMatchObject({ type: 'stt.requested', atMs: 2500, segmentId: 'sarah-1-s1', startMs: 1000, endMs: 2000, audioMs: 1400 });
    const [segment] = made.stt.asked;
    expect(segment?.speaker).toBe('Sarah');
    expect(segment?.samples.length).toBe(msToSamples(1400));
    expect(segment?.samples.findIndex((sample) => sample !== 0)).toBe(msToSamples(200));
    expect(segment?.samples.findLastIndex((sample) => sample !== 0)).toBe(msToSamples(1200) - 1);
    expect(made.published).toEqual([{ participant: 'sarah-1', text: 'hello there', final: true, startMs: 1000, endMs: 2000, upToPause: true, atMs: 2800 }]);
    expect(made.events[1]).toMatchObject({ type: 'stt.completed', atMs: 2800, text: 'hello there', durationMs: 300 });
  });

  it('leave sentences together between which hardly anybody breathes', async () => {
    const made = await call([{ afterMs: 1, pieces: text('one. two.') }], [[1000, 2000], [2300, 3000]]);
    expect(made.stt.asked.length).toBe(1);
    expect(made.published).toMatchObject([{ text: 'one. two.', startMs: 1000, endMs: 3000 }]);
  });

  it('publish in the order of speech, even if a later answer is there first', async () => {
    const made = await call([{ afterMs: 5000, pieces: text('first') }, { afterMs: 100, pieces: text('second') }], [[1000, 2000], [3000, 4000]]);
    expect(made.published.map(({ text: said, atMs }) => `${atMs} ${said}`)).toEqual(['7500 first', '7500 second']);
    expect(kinds(made)).toEqual(['2500 stt.requested', '4500 stt.requested', '4600 stt.completed', '7500 stt.completed']);
  });

  it('leave a gap where a stretch could not be transcribed, and go on', async () => {
    const failure = { provider: 'listed', kind: 'timeout', message: 'no answer', retryable: true, status: null } as const;
    const failing: LivePiece<HeardText>[] = [{ kind: 'retrying', attempt: 1, retryInMs: 200, failure }, { kind: 'failed', failure }];
    const made = await call([{ afterMs: 1000, pieces: failing }, { afterMs: 100, pieces: text('second') }], [[1000, 1500], [3000, 4000]]);
    expect(kinds(made)).toEqual(['2000 stt.requested', '3000 stt.retried', '3000 stt.failed', '4500 stt.requested', '4600 stt.completed']);
    expect(made.events[2]).toMatchObject({ provider: 'listed', kind: 'timeout', message: 'no answer', segmentId: 'sarah-1-s1' });
    expect(made.published.map(({ text: said }) => said)).toEqual(['second']);
  });

  it('publish nothing where nothing was understood', async () => {
    const made = await call([{ afterMs: 100, pieces: text('') }], [[1000, 2000]]);
    expect(kinds(made)).toEqual(['2500 stt.requested', '2600 stt.completed']);
    expect(made.published).toEqual([]);
  });

  it('keep the times of words as call times', async () => {
    const words = [{ text: 'hello', startMs: 210, endMs: 480 }];
    const made = await call([{ afterMs: 100, pieces: [{ kind: 'text', text: 'hello', words }, { kind: 'ended' }] }], [[1000, 2000]]);
    expect(made.events[1]).toMatchObject({ words: [{ text: 'hello', startMs: 1010, endMs: 1280 }] });
  });

  it('forget what a participant said that leaves', async () => {
    const made = await call([{ afterMs: 5000, pieces: text('too late') }], [[1000, 2000], [3000, 9000]], { leavesMs: 4000 });
    expect(kinds(made)).toEqual(['2500 stt.requested', '4000 stt.cancelled']);
    expect(made.published).toEqual([]);
  });

  it('cut speech that has no end', async () => {
    const made = await call([{ afterMs: 10, pieces: text('first') }, { afterMs: 10, pieces: text('second') }], [[1000, 63_000]], { untilMs: 66_000 });
    expect(made.events.filter(({ type }) => type === 'stt.requested')).toMatchObject([
      { startMs: 1000, endMs: 61_000 },
      { startMs: 61_000, endMs: 63_000 },
    ]);
    expect(made.stt.asked.map(({ samples }) => samples.length)).toEqual([msToSamples(60_200), msToSamples(2200)]);
    expect(made.published.map(({ text: said }) => said)).toEqual(['first', 'second']);
  });

  it('tell a tape what was asked, and each piece of the answer with its offset', async () => {
    const made = await call([{ afterMs: 100, pieces: text('hello') }], [[1000, 2000]]);
    expect(made.taped).toEqual(['list Sarah 22400', '100 text', '100 ended']);
  });

  it('send speech that goes on as far as it has come, one request at a time, if interim text is wanted', async () => {
    const interim = (words: string, afterMs: number): Answer => ({ afterMs, pieces: text(words) });
    const made = await call([interim('we', 100), interim('we are', 700), interim('too late', 900), interim('we are here', 100)], [[1000, 3000]], { interimIntervalMs: 500 });
    expect(made.published.map(({ text: said, final, atMs }) => `${atMs} ${final ? 'final' : 'interim'} ${said}`)).toEqual([
      '1600 interim we',
      '2700 interim we are',
      '3600 final we are here',
    ]);
    expect(kinds(made).filter((kind) => kind.includes('cancelled'))).toEqual(['3500 stt.cancelled']);
    expect(made.events.flatMap((event) => (event.type === 'stt.requested' ? [`${event.segmentId} ${event.endMs} ${event.interim ?? false}`] : []))).toEqual([
      'sarah-1-s1-at-500 1500 true',
      'sarah-1-s1-at-1000 2000 true',
      'sarah-1-s1-at-1700 2700 true',
      'sarah-1-s1 3000 false',
    ]);
  });

  it('drop interim text of who leaves', async () => {
    const made = await call([{ afterMs: 5000, pieces: text('too late') }], [[1000, 9000]], { leavesMs: 3000, interimIntervalMs: 500 });
    expect(kinds(made)).toEqual(['1500 stt.requested', '3000 stt.cancelled']);
  });
});
