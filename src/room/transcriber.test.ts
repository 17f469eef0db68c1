import { describe, expect, it } from 'vitest';
import { FRAME_MS, samplesToMs } from '../audio/format.ts';
import { type AudioFrame, audioFrame, SILENCE } from '../audio/frame.ts';
import { seededRandom } from '../base/random.ts';
import { framesOf, muted, silence } from '../testing/speech-frames.ts';
import { spoken } from '../testing/spoken.ts';
import { type HeardPiece, Transcriber, type TranscriberSettings } from './transcriber.ts';

const TEXT = "Well, I can't say. Ask Dr. Miller at 3:30, please!";
const HEARD = "well i can't say ask dr miller at 3:30 please";

type Sent = HeardPiece & { readonly atMs: number };

type Options = {
  readonly settings?: Partial<TranscriberSettings>;
  /** What arrives of the frames; all of them if not given. */
  readonly arrived?: readonly (AudioFrame | undefined)[];
};

/** What is transcribed when these frames are sent one a tick. */
function transcribe(sent: readonly AudioFrame[], options: Options = {}): Sent[] {
  const settings = { wordErrorRate: 0, interimIntervalMs: 300, finalLatencyMs: () => 250, ...options.settings };
  const transcriber = new Transcriber(settings, seededRandom(1));
  const arrived = options.arrived ?? sent;
  return [...sent, ...silence(100)].flatMap((frame, n) => {
    transcriber.hear(n < arrived.length ? arrived[n] : SILENCE, n * FRAME_MS, frame.label?.words);
    const atMs = (n + 1) * FRAME_MS;
    const piece = transcriber.speak(atMs);
    return piece ? [{ ...piece, atMs }] : [];
  });
}

function finalTexts(pieces: readonly Sent[]): string[] {
  return pieces.filter(({ final }) => final).map(({ text }) => text);
}

describe('what is heard', () => {
  const frames = framesOf(spoken('clara', TEXT));

  it('is every audible word, lower case and without punctuation, in each voice', () => {
    for (const voice of ['clara', 'ross', 'angus', 'otto']) {
      expect(finalTexts(transcribe(framesOf(spoken(voice, TEXT)))).join(' ')).toBe(HEARD);
    }
  });

  it('is nothing where labels travel with silence', () => {
    expect(transcribe(muted(frames))).toEqual([]);
  });

  it('is nothing of a word whose own samples are silent, however loud its neighbours are', () => {
    const speech = spoken('clara', TEXT);
    const gone = speech.words[3];
    const samples = Int16Array.from(speech.samples).fill(0, gone?.startSample, gone?.endSample);
    expect(finalTexts(transcribe(framesOf({ ...speech, samples }))).join(' ')).toBe(HEARD.replace(' say', ''));
  });

  it('is nothing of what is too soft to be heard', () => {
    const whispered = frames.map((frame) => ({ ...frame, samples: frame.samples.map((sample) => sample >> 6) }));
    expect(transcribe(whispered)).toEqual([]);
  });

  it('is nothing once the line has dropped', () => {
    const speech = spoken('clara', TEXT);
    const word = speech.words[4];
    const dropped = Math.floor((word?.startSample ?? 0) / 320);
    const texts = finalTexts(transcribe(frames, { arrived: frames.map((frame, n) => (n < dropped ? frame : undefined)) }));
    expect(texts.join(' ')).toBe("well i can't say");
  });

  it('is a word of which most arrived, even without its end, and not one of which less than half did', () => {
    const speech = spoken('clara', TEXT);
    const miller = speech.words.find(({ text }) => text === 'Miller') as { startSample: number; endSample: number };
    const arrivedUpTo = (share: number): (AudioFrame | undefined)[] => {
      const lostFrom = Math.round((miller.startSample + share * (miller.endSample - miller.startSample)) / 320);
      return frames.map((frame, n) => (n >= lostFrom && n * 320 < miller.endSample ? undefined : frame));
    };
    expect(finalTexts(transcribe(frames, { arrived: arrivedUpTo(0.65) })).join(' ')).toBe(HEARD);
    expect(finalTexts(transcribe(frames, { arrived: arrivedUpTo(0.35) })).join(' ')).toBe(HEARD.replace(' miller', ''));
  });

  it('judges a word of many seconds by all of it', () => {
    const tone = (): AudioFrame => audioFrame(Int16Array.from({ length: 320 }, (_, i) => (i % 2 ? 3000 : -3000)));
    const word = { text: '4111111111111111', startSample: -499 * 320, endSample: 320 };
    const sent = Array.from({ length: 500 }, (_, n) => (n === 499 ? { ...tone(), label: { utteranceId: 'u', words: [word] } } : tone()));
    const arrivedFrom = (first: number): (AudioFrame | undefined)[] => sent.map((frame, n) => (n >= first ? frame : undefined));
    expect(finalTexts(transcribe(sent, { arrived: arrivedFrom(200) }))).toEqual(['4111111111111111']);
    expect(finalTexts(transcribe(sent, { arrived: arrivedFrom(300) }))).toEqual([]);
  });
});

describe('when it is heard', () => {
  it('cuts finals at pauses in the audio, not at the end of sentences', () => {
    const speech = spoken('ross', 'No. Not yet. One, two, three.');
    const closeUp = joined([cut(speech, 0, 1), cut(speech, 1, 7)], 0);
    const apart = joined([cut(speech, 0, 2), cut(speech, 2, 7)], 16_000);
    expect(finalTexts(transcribe(framesOf(closeUp)))).toEqual(['no not yet one two three']);
    expect(finalTexts(transcribe(framesOf(apart)))).toEqual(['no not', 'yet one two three']);
  });

  it('sends the final text when speech has been over for as long as its latency', () => {
    const speech = spoken('clara', 'Yes, she did.');
    const [final] = transcribe(framesOf(speech)).filter((piece) => piece.final);
    const endMs = samplesToMs(speech.words.at(-1)?.endSample ?? 0);
    expect(final?.endMs).toBeCloseTo(endMs, 2);
    // Within a tick, and within the part of a last consonant that is too soft to count as sound.
    expect(Math.abs((final?.atMs ?? 0) - 250 - endMs)).toBeLessThan(80);
  });

  it('draws the latency anew for each stretch of speech', () => {
    const latencies = [200, 600];
    const [first, second] = [spoken('clara', 'Yes, she did.'), spoken('clara', 'Yes, she did.')];
    const pieces = transcribe(framesOf(joined([first, second], 32_000)), { settings: { finalLatencyMs: () => latencies.shift() as number } });
    const late = pieces.filter(({ final }) => final).map(({ atMs, endMs }) => atMs - endMs);
    expect(late).toHaveLength(2);
    expect((late[1] as number) - (late[0] as number)).toBeGreaterThan(380);
  });

  it('takes no stop consonant for a pause, however quick the transcription is', () => {
    const text = 'look up peter and put it back up top';
    expect(finalTexts(transcribe(framesOf(spoken('otto', text)), { settings: { finalLatencyMs: () => 0 } }))).toEqual([text]);
  });

  it('sends interims that trail speech, grow, never repeat, and keep their distance', () => {
    const pieces = transcribe(framesOf(spoken('ross', 'One two three four five six seven eight nine ten.')));
    const interims = pieces.slice(0, -1);
    expect(interims.length).toBeGreaterThan(5);
    expect(interims.every(({ final }) => !final)).toBe(true);
    expect(interims.every(({ atMs, endMs }) => atMs - endMs >= 250)).toBe(true);
    for (const [n, { text, atMs }] of interims.slice(1).entries()) {
      const before = interims[n] as Sent;
      expect(text.startsWith(`${before.text} `)).toBe(true);
      expect(atMs - before.atMs).toBeGreaterThanOrEqual(300);
    }
    expect(pieces.at(-1)).toMatchObject({ final: true, text: 'one two three four five six seven eight nine ten' });
  });

  it('gives times in whole microseconds', () => {
    for (const { startMs, endMs } of transcribe(framesOf(spoken('angus', TEXT)))) {
      expect([startMs, endMs].map((ms) => Math.round(ms * 1000) / 1000)).toEqual([startMs, endMs]);
    }
  });
});

describe('word_error_rate', () => {
  const sentence = framesOf(spoken('ross', 'one two three four five six seven eight nine ten'));
  const call = Array.from({ length: 40 }, () => [...sentence, ...silence(30)]).flat();
  const textsAt = (wordErrorRate: number): string[] => finalTexts(transcribe(call, { settings: { wordErrorRate } }));

  it('spoils that share of the words, and the same ones each time', () => {
    const texts = textsAt(0.2);
    const right = texts.flatMap((text) => text.split(' ')).filter((word) => HEARD_NUMBERS.has(word)).length;
    expect(1 - right / 400).toBeGreaterThan(0.15);
    expect(1 - right / 400).toBeLessThan(0.25);
    expect(textsAt(0.2)).toEqual(texts);
  });

  it('spoils nothing at 0', () => {
    expect(textsAt(0)).toEqual(Array.from({ length: 40 }, () => 'one two three four five six seven eight nine ten'));
  });
});

const HEARD_NUMBERS = new Set('one two three four five six seven eight nine ten'.split(' '));

type Speech = ReturnType<typeof spoken>;

/** The sound from one word up to another, without what lies around them. */
function cut({ samples, words }: Speech, from: number, to: number): Speech {
  const kept = words.slice(from, to);
  const start = kept[0]?.startSample ?? 0;
  const shifted = kept.map((word) => ({ ...word, startSample: word.startSample - start, endSample: word.endSample - start }));
  return { samples: samples.slice(start, kept.at(-1)?.endSample), words: shifted };
}

function joined(parts: readonly Speech[], gapSamples: number): Speech {
  const samples: number[] = [];
  const words = parts.flatMap((part) => {
    if (samples.length > 0) samples.push(...new Int16Array(gapSamples));
    const at = samples.length;
    samples.push(...part.samples);
    return part.words.map((word) => ({ ...word, startSample: at + word.startSample, endSample: at + word.endSample }));
  });
  return { samples: Int16Array.from(samples), words };
}
