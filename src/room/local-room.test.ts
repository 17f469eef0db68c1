import { describe, expect, it } from 'vitest';
import { FRAME_SAMPLES } from '../audio/format.ts';
import { type AudioFrame, audioFrame, SILENCE } from '../audio/frame.ts';
import { seededRandom } from '../base/random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { systemWallClock } from '../clock/wall-clock.ts';
import type { BottalkEvent } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { RoomGuest } from '../testing/room-guest.ts';
import { framesOf } from '../testing/speech-frames.ts';
import { spoken } from '../testing/spoken.ts';
import { LocalRoom, type LocalRoomOptions } from './local-room.ts';
import { Recorder } from './recorder.ts';

type Stage = ReturnType<typeof stage>;

/** A room on its own clock; `at` does something at a moment of the call. */
function stage(options: Partial<Pick<LocalRoomOptions, 'link' | 'random'>> = {}) {
  const clock = new VirtualClock({ wall: systemWallClock });
  const events: BottalkEvent[] = [];
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }] });
  const recorder = new Recorder();
  const transcription = { wordErrorRate: 0, interimIntervalMs: 300, finalLatencyMs: () => 250 };
  const room = new LocalRoom({ clock, log, recorder, random: seededRandom(1), transcription: () => transcription, announcedLatencyMs: 350, ...options });
  return {
    clock,
    room,
    recorder,
    events,
    guest: (name: string, order: number): RoomGuest => new RoomGuest({ clock, name, order }),
    at: (ms: number, action: () => unknown): void => void clock.at(ms, { phase: 'turn', order: 9 }, () => clock.task(async () => void (await action()))),
    runUntil: async (ms: number): Promise<void> => {
      clock.at(ms, { phase: 'publish', order: 99 }, () => clock.stop());
      await clock.run();
    },
  };
}

async function stageOf(names: readonly string[], options: Parameters<typeof stage>[0] = {}): Promise<Stage & { guests: readonly RoomGuest[] }> {
  const made = stage(options);
  const guests = names.map((name, order) => made.guest(name, order));
  for (const guest of guests) await guest.join(made.room);
  return { ...made, guests };
}

function tone(level: number): AudioFrame {
  return audioFrame(Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => (i % 64 < 32 ? level : -level)));
}

function textsOf(guest: RoomGuest): string[] {
  return guest.transcripts.filter(({ final }) => final).map(({ text }) => text);
}

describe('frames', () => {
  it('are heard one tick later, by everybody but the speaker, each from whom it came', async () => {
    const { guests, runUntil } = await stageOf(['Ann', 'Ben', 'Cleo']);
    const [ann, ben, cleo] = guests as [RoomGuest, RoomGuest, RoomGuest];
    ann.say([tone(1), tone(2)]);
    ben.say([tone(3)]);
    await runUntil(60);
    const heard = (guest: RoomGuest): string[] => guest.frames.map(({ from, frame, atMs }) => `${atMs} ${from} ${frame.samples[0]}`);
    expect(heard(ann)).toEqual(['40 Ben 3', '40 Cleo 0', '60 Ben 0', '60 Cleo 0']);
    expect(heard(ben)).toEqual(['40 Ann 1', '40 Cleo 0', '60 Ann 2', '60 Cleo 0']);
    expect(heard(cleo)).toEqual(['40 Ann 1', '40 Ben 3', '60 Ann 2', '60 Ben 0']);
  });

  it('come without their labels: nobody can read what was said', async () => {
    const { guests, runUntil } = await stageOf(['Ann', 'Ben']);
    guests[0]?.say([{ ...tone(5), label: { utteranceId: 'u', words: [{ text: 'five', startSample: 0, endSample: 320 }] } }]);
    await runUntil(40);
    expect(guests[1]?.frames[0]?.frame.samples[0]).toBe(5);
    expect(guests[1]?.frames[0]?.frame).not.toHaveProperty('label');
  });

  it('may be one a tick and no more', async () => {
    const { guests } = await stageOf(['Ann']);
    guests[0]?.connection?.publish(SILENCE);
    expect(() => guests[0]?.connection?.publish(SILENCE)).toThrow('Ann published two frames in one tick');
  });
});

describe('who is there', () => {
  it('is told to the newcomer and to those present, and so are departures and returns', async () => {
    const { guests, guest, room, at, runUntil } = await stageOf(['Ann', 'Ben']);
    const back = guest('Ben', 1);
    at(1000, () => guests[1]?.leave('line dropped'));
    at(3000, () => back.join(room));
    await runUntil(4000);
    expect(guests[0]?.notes).toEqual(['0 Ben joined', '1000 Ben left: line dropped', '3000 Ben joined']);
    expect(guests[1]?.notes).toEqual(['0 Ann joined']);
    expect(back.notes).toEqual(['3000 Ann joined']);
    expect(back.connection?.self.id).not.toBe(guests[1]?.connection?.self.id);
  });

  it('is no news of somebody who left in the moment of joining', async () => {
    const { guests, guest, room, at, events, runUntil } = await stageOf(['Ann']);
    const passing = guest('Ben', 1);
    at(1000, async () => {
      await passing.join(room);
      passing.leave('wrong room');
    });
    await runUntil(2000);
    expect(guests[0]?.notes).toEqual([]);
    expect(passing.notes).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['participant.joined', 'participant.joined', 'participant.left']);
  });

  it('is no news of somebody whom one never met', async () => {
    const { guests, guest, room, at, runUntil } = await stageOf(['Ann', 'Ben']);
    const late = guest('Cleo', 2);
    at(1000, async () => {
      guests[1]?.leave('bye');
      await late.join(room);
    });
    await runUntil(2000);
    expect(late.notes).toEqual(['1000 Ann joined']);
    expect(guests[0]?.notes).toEqual(['0 Ben joined', '1000 Ben left: bye', '1000 Cleo joined']);
  });

  it('has ids of its own even for names that are written alike', async () => {
    const { guests } = await stageOf(['Dr. No', 'Dr No', '??']);
    const ids = guests.map(({ connection }) => connection?.self.id as string);
    expect(ids.map((id) => id.replace(/[0-9a-f]{6}$/, ''))).toEqual(['dr-no-', 'dr-no-', 'participant-']);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('app messages', () => {
  it('go to one or to all others, never back to the sender', async () => {
    const { guests, at, runUntil } = await stageOf(['Ann', 'Ben', 'Cleo']);
    const [ann, ben, cleo] = guests as [RoomGuest, RoomGuest, RoomGuest];
    at(100, () => ann.connection?.sendAppMessage({ n: 1 }));
    at(200, () => ann.connection?.sendAppMessage({ n: 2 }, cleo.connection?.self.id));
    await runUntil(300);
    const messages = (guest: RoomGuest): string[] => guest.notes.filter((note) => note.includes('sent'));
    expect(messages(ann)).toEqual([]);
    expect(messages(ben)).toEqual(['100 Ann sent {"n":1}']);
    expect(messages(cleo)).toEqual(['100 Ann sent {"n":1}', '200 Ann sent {"n":2}']);
  });

  it('are logged unless they only repeat the log', async () => {
    const { guests, events, at, runUntil } = await stageOf(['Ann', 'Ben']);
    const [ann, ben] = guests as [RoomGuest, RoomGuest];
    at(100, () => ann.connection?.sendUnlogged({ n: 1 }));
    at(200, () => ann.connection?.sendAppMessage({ n: 2 }));
    await runUntil(300);
    expect(ben.notes.slice(-2)).toEqual(['100 Ann sent {"n":1}', '200 Ann sent {"n":2}']);
    expect(events.flatMap((event) => (event.type === 'app_message.sent' ? [event.data] : []))).toEqual([{ n: 2 }]);
  });

  it('arrive once although their sender leaves at once', async () => {
    const { guests, at, runUntil } = await stageOf(['Ann', 'Ben']);
    const [ann, ben] = guests as [RoomGuest, RoomGuest];
    at(100, () => {
      ann.connection?.sendUnlogged({ n: 1 });
      ann.leave('done');
      ann.connection?.sendUnlogged({ n: 2 });
    });
    await runUntil(200);
    expect(ben.notes.slice(1)).toEqual(['100 Ann sent {"n":1}', '100 Ann left: done']);
  });

  it('arrive although the call is over with their sender', async () => {
    const { clock, guests, at, runUntil } = await stageOf(['Ann', 'Ben']);
    const [ann, ben] = guests as [RoomGuest, RoomGuest];
    at(100, () => {
      ann.connection?.sendUnlogged({ n: 1 });
      ann.leave('done');
      clock.stop();
    });
    await runUntil(200);
    expect(ben.notes.slice(1)).toEqual(['100 Ann sent {"n":1}']);
  });
});

describe('transcripts', () => {
  it('go to everyone, the speaker included, at the same moment', async () => {
    const { guests, events, runUntil } = await stageOf(['Ann', 'Ben', 'Cleo']);
    guests[0]?.say(framesOf(spoken('clara', 'Good morning everybody.')));
    await runUntil(4000);
    const published = events.filter((event) => event.type === 'transcript.published');
    expect(published.at(-1)).toMatchObject({ text: 'good morning everybody', final: true });
    for (const guest of guests) {
      expect(published).toMatchObject(guest.transcripts);
    }
  });

  it('keep two who speak at once apart', async () => {
    const { guests, runUntil } = await stageOf(['Ann', 'Ben']);
    guests[0]?.say(framesOf(spoken('clara', 'Good morning everybody.')));
    guests[1]?.say(framesOf(spoken('ross', 'Nice to meet you.')));
    await runUntil(4000);
    expect(textsOf(guests[0] as RoomGuest).toSorted()).toEqual(['good morning everybody', 'nice to meet you']);
  });

  it('come of nobody who has left, and the words that were not yet sent are lost', async () => {
    const { guests, events, at, runUntil } = await stageOf(['Ann', 'Ben']);
    const frames = framesOf(spoken('clara', 'Good morning everybody.'));
    guests[0]?.say(frames);
    at(frames.length * 20, () => guests[0]?.leave('line dropped'));
    await runUntil(4000);
    const leftAt = events.findIndex(({ type }) => type === 'participant.left');
    expect(events.slice(leftAt + 1)).toEqual([]);
    expect(textsOf(guests[1] as RoomGuest)).toEqual([]);
  });

  it('are announced with the latency that the room was given', async () => {
    const { guests } = await stageOf(['Ann']);
    expect(guests[0]?.connection?.transcriptionLatencyMs).toBe(350);
  });
});

describe('the link', () => {
  const speech = spoken('clara', 'Good morning everybody, this is Ann.');
  const deafAfter = (ms: number): NonNullable<LocalRoomOptions['link']> => (name) => ({
    carry: (frame, atMs) => (name === 'Ann' && atMs >= ms ? undefined : frame),
  });

  it('lies behind the recording and the ground truth, and before all others and the transcription', async () => {
    const cut = await stageOf(['Ann', 'Ben'], { link: deafAfter(0) });
    const clear = await stageOf(['Ann', 'Ben']);
    for (const { guests, runUntil } of [cut, clear]) {
      guests[0]?.say(framesOf(speech));
      await runUntil(4000);
    }
    expect(cut.recorder.track('Ann')).toEqual(clear.recorder.track('Ann'));
    const wire = ({ events }: Stage): BottalkEvent[] => events.filter(({ type }) => type.startsWith('wire.')).map((event) => ({ ...event, seq: 0 }));
    expect(wire(cut)).toEqual(wire(clear));
    expect(wire(cut)).toHaveLength(2);
    expect(cut.guests[1]?.frames).toEqual([]);
    expect(textsOf(cut.guests[1] as RoomGuest)).toEqual([]);
    expect(textsOf(clear.guests[1] as RoomGuest).join(' ')).toBe('good morning everybody this is ann');
  });

  it('deafens from the moment at which it drops', async () => {
    const end = (speech.words[1]?.endSample ?? 0) / 16;
    const { guests, runUntil } = await stageOf(['Ann', 'Ben'], { link: deafAfter(end + 60) });
    guests[0]?.say(framesOf(speech));
    await runUntil(4000);
    expect(guests[1]?.frames.at(-1)?.atMs).toBeLessThan(end + 100);
    expect(textsOf(guests[1] as RoomGuest)).toEqual(['good morning']);
  });

  it('may change what is heard of a speaker, and nothing of the others', async () => {
    const half = (frame: AudioFrame): AudioFrame => ({ ...frame, samples: frame.samples.map((sample) => sample / 2) });
    const quieter: NonNullable<LocalRoomOptions['link']> = (name) => ({ carry: (frame) => (name === 'Ann' ? half(frame) : frame) });
    const { guests, runUntil, recorder } = await stageOf(['Ann', 'Ben'], { link: quieter });
    guests[0]?.say([tone(100)]);
    guests[1]?.say([tone(100)]);
    await runUntil(40);
    expect(guests[1]?.frames[0]?.frame.samples[0]).toBe(50);
    expect(guests[0]?.frames[0]?.frame.samples[0]).toBe(100);
    expect(recorder.track('Ann')[FRAME_SAMPLES]).toBe(100);
  });
});

describe('leaving', () => {
  it('keeps on the recording what had gone out before, even between two ticks', async () => {
    const { guests, recorder, at, runUntil } = await stageOf(['Ann', 'Ben']);
    guests[0]?.say([tone(1), tone(2), tone(3)]);
    at(47, () => guests[0]?.leave('line dropped'));
    await runUntil(100);
    const track = recorder.track('Ann');
    expect([0, 1, 2, 3].map((tick) => track[tick * FRAME_SAMPLES])).toEqual([0, 1, 2, 0]);
    expect(guests[1]?.frames.map(({ frame }) => frame.samples[0])).toEqual([1]);
  });

  it('ends the speech that is on, at that moment', async () => {
    const { guests, events, at, runUntil } = await stageOf(['Ann', 'Ben']);
    guests[0]?.say(Array.from({ length: 50 }, () => tone(3000)));
    at(507, () => guests[0]?.leave('line dropped'));
    await runUntil(2000);
    expect(events.filter(({ type }) => type.startsWith('wire.'))).toMatchObject([
      { type: 'wire.speech_started', startMs: 20 },
      { type: 'wire.speech_stopped', startMs: 20, endMs: 507, atMs: 507 },
    ]);
  });

  it('makes a seat mute and deaf', async () => {
    const { guests, events, at, runUntil } = await stageOf(['Ann', 'Ben']);
    const [ann, ben] = guests as [RoomGuest, RoomGuest];
    ben.say(Array.from({ length: 50 }, () => tone(3000)));
    at(100, () => {
      ann.leave('done');
      ann.connection?.leave('done twice');
      ann.connection?.publish(tone(9));
      ann.connection?.sendAppMessage({ n: 1 });
    });
    await runUntil(1000);
    expect(ann.frames.at(-1)?.atMs).toBe(100);
    expect(ben.frames.every(({ frame }) => frame.silent)).toBe(true);
    expect(events.filter(({ type }) => type === 'participant.left' || type === 'app_message.sent')).toHaveLength(1);
  });

  it('of all, by closing the room, is told once and stops its ticks', async () => {
    const { guests, events, room, at, runUntil } = await stageOf(['Ann', 'Ben']);
    at(100, async () => {
      await room.close();
      await room.close();
    });
    await runUntil(1000);
    expect(events.filter(({ type }) => type === 'participant.left').map(({ atMs }) => atMs)).toEqual([100, 100]);
    expect(guests[0]?.frames.at(-1)?.atMs).toBe(100);
  });
});

describe('a room with a late guest', () => {
  it('gives each participant its place on the recording, whenever it came', async () => {
    const { guests, guest, room, recorder, at, runUntil } = await stageOf(['Ann']);
    const late = guest('Ben', 1);
    at(1007, async () => {
      await late.join(room);
      late.say([tone(7)]);
    });
    await runUntil(1100);
    const track = recorder.track('Ben');
    const first = track.findIndex((sample) => sample !== 0);
    // Published at 1027 ms, in the tick that began at 1020 ms, and heard at the end of that tick.
    expect(first / 16).toBe(1020);
    expect(guests[0]?.frames.find(({ frame }) => !frame.silent)?.atMs).toBe(1040);
  });

  it('draws for one participant what it would draw without the other', async () => {
    const alone = await stageOf(['Ann']);
    const both = await stageOf(['Ann', 'Ben']);
    expect(both.guests[0]?.connection?.self.id).toBe(alone.guests[0]?.connection?.self.id);
  });
});
