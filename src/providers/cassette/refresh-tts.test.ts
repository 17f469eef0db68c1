import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../clock/arrival.ts';
import { ArrivalQueue } from '../../clock/arrival-queue.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { LiveTts, Sound } from '../../pipeline/live-tts.ts';
import { HandMovedWall } from '../../testing/hand-moved-wall.ts';
import { LiveVoice } from '../live/live-voice.ts';
import type { AnyPiece, CassetteCall } from './cassette.ts';
import { Playback } from './playback.ts';
import { RefreshTts } from './refresh-tts.ts';

const WORD_SAMPLES = 800;
const FACTS = { provider: 'elevenlabs', model: 'turbo', voice: 'rachel' };

/** Each word is as loud as its length, so that sound and words can be held against each other. */
function sound(...words: string[]): Sound {
  const samples = new Int16Array(words.length * WORD_SAMPLES);
  words.forEach(({ length }, i) => samples.fill(length, i * WORD_SAMPLES, (i + 1) * WORD_SAMPLES));
  return { kind: 'sound', samples, words: words.map((text, i) => ({ text, startSample: i * WORD_SAMPLES, endSample: (i + 1) * WORD_SAMPLES })) };
}

function recorded(sentences: string[], pieces: Arrival<AnyPiece>[], givenUpMs?: number): CassetteCall {
  return { kind: 'speech', agent: 'Sarah', atMs: 0, request: { ...FACTS, sentences }, pieces, ...(givenUpMs !== undefined && { givenUpMs }) };
}

const WHOLE = recorded(['One two.', 'Three four.'], [
  { offsetMs: 100, value: sound('One') },
  { offsetMs: 300, value: sound('two.', 'Three') },
  { offsetMs: 320, value: sound('four.') },
  { offsetMs: 320, value: { kind: 'ended' } },
]);

/** What is sent when, and what is then heard when: words with their loudness. */
type Heard = { readonly atMs: number; readonly text: string };

async function speak(calls: readonly CassetteCall[], sends: readonly (readonly [atMs: number, sentence: string | null])[]) {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall });
  const playback = new Playback({ header: { bottalk: '', title: '', seed: 1, agents: [] }, calls }, 'refresh');
  const asked: string[] = [];
  const tts = new RefreshTts({ clock, shelf: playback.shelf('speech', 'Sarah'), live: liveVoice(wall, asked), onLive: () => (playback.grown = true) });
  const heard: Heard[] = [];
  let endedMs = -1;
  clock.at(1000, { phase: 'turn', order: 0 }, () => {
    const context = new LiveVoice({ clock, tts, charge: 'wall' }).open({ agent: 'Sarah', replyId: 'r1', voice: 'rachel' }, new AbortController().signal);
    const send = (sentence: string | null): void => (sentence === null ? context.end() : context.send(sentence));
    clock.task(async () => {
      for await (const { samples, words } of context.chunks()) {
        for (const { text, startSample } of words) heard.push({ atMs: clock.nowMs() - 1000, text: samples[startSample] === text.length ? text : `${text} (${samples[startSample]})` });
        expect(samples.length).toBe(words.length * WORD_SAMPLES);
      }
      endedMs = clock.nowMs() - 1000;
    });
    for (const [atMs, sentence] of sends) {
      if (atMs === 0) send(sentence);
      else clock.at(1000 + atMs, { phase: 'turn', order: 0 }, () => send(sentence));
    }
  });
  clock.at(9000, { phase: 'publish', order: 99 }, () => clock.stop());
  await wall.until(clock.run());
  return { heard: heard.map(({ atMs, text }) => `${text} ${atMs}`), endedMs, asked, wallMs: wall.nowMs(), grown: playback.grown };
}

/** Says each sentence 50 ms after it was asked to. */
function liveVoice(wall: HandMovedWall, asked: string[]): LiveTts {
  return {
    name: 'elevenlabs',
    model: 'turbo',
    prepare: async () => {},
    close: async () => {},
    open: () => {
      const queue = new ArrivalQueue<LivePiece<Sound>>(wall, () => {});
      return {
        send: (sentence) => {
          asked.push(sentence);
          wall.after(50, () => queue.push(sound(...sentence.split(' '))));
        },
        end: () => void wall.after(60, () => queue.finish({ kind: 'ended' })),
        arrivals: () => queue,
      };
    },
  };
}

describe('a voice that is refreshed', () => {
  it('says from the recording what it has said before, and asks nobody', async () => {
    const { heard, endedMs, asked, grown } = await speak([WHOLE], [[0, 'One two.'], [40, 'Three four.'], [60, null]]);
    expect(heard).toEqual(['One 100', 'two. 300', 'Three 300', 'four. 320']);
    expect([endedMs, asked, grown]).toEqual([320, [], false]);
  });

  it('has another sentence spoken live after those that agree, and says nothing twice', async () => {
    const { heard, asked, grown } = await speak([WHOLE], [[0, 'One two.'], [40, 'Five.'], [60, null]]);
    expect(asked).toEqual(['Five.']);
    expect(heard.map((word) => word.split(' ')[0])).toEqual(['One', 'two.', 'Five.']);
    expect(heard.slice(0, 2)).toEqual(['One 100', 'two. 300']);
    expect(grown).toBe(true);
  });

  it('counts live sound from when it was asked for', async () => {
    const { heard } = await speak([WHOLE], [[0, 'One two.'], [2000, 'Five.'], [2000, null]]);
    expect(heard).toEqual(['One 100', 'two. 300', 'Five. 2050']);
  });

  it('ends where the text ends, though the recording goes on', async () => {
    const { heard, endedMs, asked } = await speak([WHOLE], [[0, 'One two.'], [500, null]]);
    expect(heard).toEqual(['One 100', 'two. 300']);
    expect(asked).toEqual([]);
    expect(endedMs).toBeCloseTo(500, 2);
  });

  it('goes on live where the recording ends, though the text goes on', async () => {
    const { heard, asked } = await speak([WHOLE], [[0, 'One two.'], [40, 'Three four.'], [50, 'Five.'], [60, null]]);
    expect(heard.map((word) => word.split(' ')[0])).toEqual(['One', 'two.', 'Three', 'four.', 'Five.']);
    expect(asked).toEqual(['Five.']);
  });

  it('speaks live what a recording that was given up has not said', async () => {
    const cut = recorded(['One two.', 'Three four.'], WHOLE.pieces.slice(0, 2), 400);
    const { heard, asked } = await speak([cut], [[0, 'One two.'], [40, 'Three four.'], [60, null]]);
    expect(asked).toEqual(['four.']);
    expect(heard.map((word) => word.split(' ')[0])).toEqual(['One', 'two.', 'Three', 'four.']);
  });

  it('speaks live what was never recorded, at once', async () => {
    const { heard, endedMs, asked } = await speak([WHOLE], [[0, 'Six.'], [0, 'Seven.'], [0, null]]);
    expect(heard).toEqual(['Six. 50', 'Seven. 50']);
    expect([endedMs, asked]).toEqual([60, ['Six.', 'Seven.']]);
  });

  it('speaks live what failed when it was recorded', async () => {
    const failure = { provider: 'elevenlabs', kind: 'server', message: 'broke off', retryable: false, status: null } as const;
    const failed = recorded(['One two.'], [{ offsetMs: 100, value: sound('One') }, { offsetMs: 150, value: { kind: 'failed', failure } }]);
    expect(await speak([failed], [[0, 'One two.'], [0, null]])).toMatchObject({ heard: ['One 50', 'two. 50'], asked: ['One two.'] });
  });
});
