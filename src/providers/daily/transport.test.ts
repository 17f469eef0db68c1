import { afterEach, beforeEach, expect, test } from 'vitest';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../../audio/format.ts';
import { RealClock } from '../../clock/real-clock.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import type { BottalkEvent } from '../../events/event.ts';
import { RunLog } from '../../events/log.ts';
import { Recorder } from '../../room/recorder.ts';
import { tone } from '../../testing/daily/daily-call.ts';
import { type HandMadeSeat, HandMadeSeats } from '../../testing/daily/hand-made-seats.ts';
import { RoomGuest } from '../../testing/room-guest.ts';
import { until } from '../../testing/until.ts';
import type { RoomAccess } from './room.ts';
import { DailyTransport, type DailyTransportOptions, type OpenEars } from './transport.ts';
import { trouble } from './trouble.ts';

let clock: RealClock;
let over: Promise<unknown>;
let events: BottalkEvent[];
let seats: HandMadeSeats;
let recorder: Recorder;
let transport: DailyTransport;
/** What was asked of the room, and what was told of it. */
let asked: string[];
let room: RoomAccess;
beforeEach(() => {
  clock = new RealClock({ wall });
  over = clock.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  events = [];
  asked = [];
  seats = new HandMadeSeats();
  recorder = new Recorder();
  room = {
    url: 'https://x.daily.co/room',
    expiresAtSecs: 600,
    tokenFor: async (name) => `token of ${name}`,
    startTranscription: async () => void asked.push('start transcription'),
    end: async () => void asked.push('end'),
  };
  transport = open();
});

function open(own: Partial<DailyTransportOptions> = {}): DailyTransport {
  return new DailyTransport({
    clock,
    log: new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }] }),
    recorder,
    seats,
    openRoom: async () => room,
    announcedLatencyMs: 350,
    textlessSpeechMs: 200,
    onTextMissing: (reason) => void asked.push(`no text: ${reason}`),
    ...own,
  });
}

afterEach(async () => {
  clock.stop();
  await over;
  await transport.close();
});

test('a seat is taken with a token of its own, and transcription is asked for once', async () => {
  await join('Nora', 0);
  await join('Leo', 1);
  expect(seats.seats.map(({ request }) => request)).toEqual([
    { url: room.url, expiresAtSecs: 600, token: 'token of Nora', userName: 'Nora' },
    { url: room.url, expiresAtSecs: 600, token: 'token of Leo', userName: 'Leo' },
  ]);
  expect(asked).toEqual(['start transcription']);
});

test('what happens while the seat is taken is told after it was taken, in the same order', async () => {
  seats.whileTaking = ({ listener }) => {
    listener.peerJoined({ id: 'max-id', name: 'Max' });
    listener.appMessageArrived({ id: 'max-id', name: 'Max' }, 1);
    listener.peerLeft({ id: 'max-id', name: 'Max' }, 'left');
  };
  const nora = await join('Nora', 0);
  expect(nora.notes).toEqual([]);
  await until(() => nora.notes.length === 3);
  expect(plain(nora)).toEqual(['Max joined', 'Max sent 1', 'Max left: left']);
  expect(told('participant.joined', 'participant.left')).toEqual(['joined nora-id', 'joined max-id', 'left max-id']);
});

test('what all seats see stands in the log once, and not at all of somebody whose going came first', async () => {
  const nora = await join('Nora', 0);
  const leo = await join('Leo', 1);
  for (const { listener } of seats.seats) {
    listener.peerJoined({ id: 'max-id', name: 'Max' });
    listener.transcriptArrived({ participant: 'max-id', text: 'hello', final: true, span: null });
    listener.transcriptArrived({ participant: 'max-id', text: ' ', final: true, span: null });
    listener.transcriptionChanged('started', null);
    listener.troubled('the Daily room expires in 30 s');
    listener.peerLeft({ id: 'max-id', name: 'Max' }, 'left');
    listener.peerJoined({ id: 'max-id', name: 'Max' });
  }
  await until(() => nora.notes.length === 3 && leo.notes.length === 3);
  expect(told('participant.joined', 'participant.left', 'transcript.published', 'warning.raised')).toEqual([
    'joined nora-id',
    'joined leo-id',
    'joined max-id',
    'transcript.published',
    'warning.raised',
    'left max-id',
  ]);
  expect([nora.transcripts.length, leo.transcripts.length]).toEqual([1, 1]);
  expect(asked).toEqual(['start transcription']);
});

test('a voice is taken as one of ours receives it, and where it is sent only if none of ours does', async () => {
  const nora = await join('Nora', 0);
  nora.say(tone({ hertz: 500, ms: 400 }));
  await until(() => told('wire.speech_stopped').length === 1);
  expect(level(recorder.track('Nora'))).toBeGreaterThan(0);
  expect(seatOf('Nora').spoken.length).toBeGreaterThan(20);

  const leo = await join('Leo', 1);
  const before = events.length;
  nora.say(tone({ hertz: 500, ms: 200 }));
  const spokenBefore = seatOf('Nora').spoken.length;
  await until(() => seatOf('Nora').spoken.length > spokenBefore + 20);
  expect(events.length, 'nobody received it').toBe(before);

  for (const { samples } of tone({ hertz: 700, ms: 400 })) seatOf('Leo').listener.frameArrived(seatOf('Nora').self, samples);
  await until(() => leo.frames.length === 20);
  expect(leo.frames.every(({ from, frame }) => from === 'Nora' && frame.samples.length === FRAME_SAMPLES)).toBe(true);
  nora.leave('bye');
  expect(told('wire.speech_started')).toHaveLength(2);
  expect(told('wire.speech_stopped', 'participant.left').slice(-2)).toEqual(['wire.speech_stopped', 'left nora-id']);
});

test('an app message that cannot be sent is a warning, once until another can, and one that Daily would refuse is not even tried', async () => {
  const nora = await join('Nora', 0);
  nora.connection?.sendAppMessage({ a: 1 });
  nora.connection?.sendAppMessage({ b: 2 }, 'leo-id');
  nora.connection?.sendUnlogged({ metrics: 1 }, 'leo-id');
  nora.connection?.sendAppMessage('x'.repeat(5_000));
  seats.sendError = trouble('network', 'no way through');
  nora.connection?.sendAppMessage({ c: 3 });
  nora.connection?.sendAppMessage({ d: 4 });
  await until(() => told('warning.raised').length === 2);
  expect(seatOf('Nora').sent).toEqual([
    { data: { a: 1 }, to: undefined },
    { data: { b: 2 }, to: 'leo-id' },
    { data: { metrics: 1 }, to: 'leo-id' },
  ]);
  expect(events.flatMap((event) => (event.type === 'app_message.sent' ? [event.data] : []))).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }]);
  expect(events.flatMap((event) => (event.type === 'warning.raised' ? event.message : []))).toEqual([
    'an app message of 5002 characters was not sent: Daily takes 4096',
    'an app message was not sent: no way through',
  ]);
});

test('transcription that does not start is told once, whoever says so', async () => {
  room = { ...room, startTranscription: () => Promise.reject(trouble('quota', "the account's plan does not include it")) };
  await join('Nora', 0);
  await until(() => asked.length === 1);
  await join('Leo', 1);
  for (const { listener } of seats.seats) listener.transcriptionChanged('failed', 'Deepgram is away');
  seatOf('Leo').listener.troubled('that was all');
  await until(() => told('warning.raised').length === 1);
  expect(asked).toEqual(["no text: the account's plan does not include it"]);
});

test('in a room that somebody else has made, transcription that is refused is missed only once no text comes', async () => {
  transport = open({ isRoomGiven: true });
  const nora = await join('Nora', 0);
  seatOf('Nora').listener.transcriptionChanged('failed', 'only owners may start it');
  await until(() => told('warning.raised').length === 1);
  expect(asked).toEqual(['start transcription']);
  nora.say(tone({ hertz: 500, ms: 800 }));
  await until(() => asked.length === 2);
  expect(asked[1]).toBe('no text: 0.2 s of speech brought no text');
});

test('speech that brings no text is told', async () => {
  const nora = await join('Nora', 0);
  nora.say(tone({ hertz: 500, ms: 800 }));
  await until(() => asked.length === 2);
  expect(asked[1]).toBe('no text: 0.2 s of speech brought no text');
});

test('other ears hear each voice once, and what they understand reaches all', async () => {
  const ears = { heard: [] as string[], publish: undefined as Parameters<OpenEars>[0] | undefined };
  transport.hearWith((publish) => {
    ears.publish = publish;
    return { hear: ({ name }, frame) => void ears.heard.push(`${name} ${frame.samples[0]}`), forget: (id) => void ears.heard.push(`no more of ${id}`), close: () => void ears.heard.push('closed') };
  });
  const nora = await join('Nora', 0);
  const leo = await join('Leo', 1);
  const samples = new Int16Array(FRAME_SAMPLES).fill(7);
  for (const { listener } of seats.seats) listener.peerJoined({ id: 'max-id', name: 'Max' });
  for (const { listener } of seats.seats) listener.frameArrived({ id: 'max-id', name: 'Max' }, samples);
  await until(() => ears.heard.includes('Max 7'));
  ears.publish?.({ participant: 'max-id', text: 'hello', final: true, startMs: 0, endMs: 300 });
  for (const { listener } of seats.seats) listener.peerLeft({ id: 'max-id', name: 'Max' }, 'left');
  await until(() => ears.heard.includes('no more of max-id'));
  expect(ears.heard.filter((line) => line.includes('ax'))).toEqual(['Max 7', 'no more of max-id']);
  expect([nora, leo].map(({ transcripts }) => transcripts.map(({ text }) => text))).toEqual([['hello'], ['hello']]);
  expect(told('transcript.published')).toHaveLength(1);
  expect(asked, 'Daily is not asked to transcribe').toEqual([]);
});

test('a seat that is lost ends the run with its error; one that changed its id goes on', async () => {
  const nora = await join('Nora', 0);
  const seat = seatOf('Nora');
  const before = seat.self;
  seat.self = { id: 'nora-id-2', name: 'Nora' };
  seat.listener.seatChanged(seat.self, before);
  await until(() => told('participant.left').length === 1);
  expect(nora.connection?.self.id).toBe('nora-id-2');
  seat.listener.seatLost(trouble('not_found', 'the Daily room has expired'));
  expect(await over).toMatchObject({ provider: 'daily', kind: 'not_found', message: 'the Daily room has expired' });
  expect(told('participant.joined', 'participant.left')).toEqual(['joined nora-id', 'left nora-id', 'joined nora-id-2', 'left nora-id-2']);
});

test('closing leaves every seat, also one that is only being taken, and ends the room whatever else fails', async () => {
  await join('Nora', 0);
  const door = Promise.withResolvers<void>();
  seats.queue = door.promise;
  void transport.join({ name: 'Leo', order: 1 }, new RoomGuest({ clock, name: 'Leo', order: 1 }));
  await until(() => seats.seats.length === 2);
  clock.stop();
  await over;
  const closed = Promise.all([transport.close(), transport.close()]);
  door.resolve();
  await closed;
  expect(seats.seats.map(({ hasLeft }) => hasLeft)).toEqual([true, true]);
  expect(seats.isClosed).toBe(true);
  expect(asked).toEqual(['start transcription', 'end']);
});

test('a room that cannot be deleted is told of, because it lives on', async () => {
  room = { ...room, end: () => Promise.reject(trouble('network', 'the connection to Daily failed (ECONNREFUSED)')) };
  await join('Nora', 0);
  await transport.close();
  expect(events.flatMap((event) => (event.type === 'warning.raised' ? event.message : []))).toEqual([
    'the Daily room https://x.daily.co/room could not be deleted: the connection to Daily failed (ECONNREFUSED)',
  ]);
});

test('a room that is still being made when the run is cancelled is deleted as soon as it is there', async () => {
  const made = Promise.withResolvers<RoomAccess>();
  const early = new DailyTransport({
    clock,
    log: { append: () => undefined },
    recorder,
    seats,
    openRoom: async (signal) => {
      signal.addEventListener('abort', () => asked.push('cancelled'));
      asked.push('make');
      return made.promise;
    },
    announcedLatencyMs: 350,
    onTextMissing: () => undefined,
  });
  void new RoomGuest({ clock, name: 'Nora', order: 0 }).join(early);
  await until(() => asked.length === 1);
  const closed = early.close();
  made.resolve(room);
  await closed;
  expect(asked).toEqual(['make', 'cancelled', 'end']);
});

async function join(name: string, order: number): Promise<RoomGuest> {
  const guest = new RoomGuest({ clock, name, order });
  await guest.join(transport);
  return guest;
}

function seatOf(name: string): HandMadeSeat {
  const seat = seats.seats.find(({ request }) => request.userName === name);
  if (!seat) throw new Error(`${name} has no seat`);
  return seat;
}

function told(...types: readonly BottalkEvent['type'][]): string[] {
  return events.flatMap((event) => {
    if (!types.includes(event.type)) return [];
    if (event.type === 'participant.joined') return `joined ${event.participant}`;
    return event.type === 'participant.left' ? `left ${event.participant}` : event.type;
  });
}

function plain({ notes }: RoomGuest): string[] {
  return notes.map((note) => note.replace(/^\S+ /, ''));
}

function level(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + Math.abs(sample), 0) / SAMPLE_RATE_HZ;
}
