import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualWallClock } from '../../testing/manual-wall-clock.ts';
import { type Outcome, ScriptedPage } from '../../testing/daily/scripted-page.ts';
import type { PageFault, PageOrder } from './page-messages.ts';
import { until } from '../../testing/until.ts';
import { PageServer } from './page-server.ts';
import { type PageListener, PageSession } from './page-session.ts';
import { type DailySeat, type SeatListener, takeSeat } from './seat.ts';
import { SEAT_LIMITS } from './seat-limits.ts';

const CONNECTION_ERROR: PageFault = { type: 'connection-error', message: 'no way' };
const EXPIRES_AT_SECS = 600;

let wall: ManualWallClock;
let server: PageServer;
let pages: ScriptedPage[];
let notes: string[];
/** What the coming joins end in; after that they succeed. */
let outcomes: (Outcome | 'done for nobody')[];
let joins: number;
let seats: DailySeat[];
beforeEach(async () => {
  wall = new ManualWallClock();
  server = await PageServer.start();
  pages = [];
  notes = [];
  outcomes = [];
  joins = 0;
  seats = [];
});
afterEach(async () => {
  outcomes = [];
  await Promise.all(seats.map((seat) => seat.leave()));
  await server.close();
});

describe('a seat', () => {
  test('is taken with the token, and tells of those who are there, in order', async () => {
    const seat = await take();
    expect(seat.self).toEqual({ id: 'nora-1', name: 'Nora' });
    expect(page().orders).toEqual([{ kind: 'join', url: 'https://x.daily.co/room', token: 'secret', userName: 'Nora', callMachineFolder: null }]);
    page().tell({ kind: 'peer_joined', peer: { id: 'leo', name: 'Leo' } });
    page().tell({ kind: 'peer_joined', peer: { id: 'anon', name: '' } });
    page().tell({ kind: 'hearing', track: 7, participant: 'leo' });
    page().play(7, new Int16Array(320).fill(5));
    page().tell({ kind: 'peer_left', peer: { id: 'leo', name: 'Leo' }, reason: null });
    page().tell({ kind: 'app_message', from: 'anon', data: { a: 1 } });
    await noted('Leo joined', 'Guest joined', 'Leo: 5', 'Leo left: left', 'Guest: {"a":1}');
  });

  test('sends frames and messages, and says when a message could not be sent', async () => {
    const seat = await take();
    seat.speak(new Int16Array(320).fill(3));
    await seat.sendAppMessage({ b: 2 });
    await seat.sendAppMessage({ c: 3 }, 'leo');
    expect(page().heard).toEqual([new Int16Array(320).fill(3)]);
    expect(page().orders.slice(1)).toEqual([
      { kind: 'send_app_message', data: { b: 2 }, to: '*' },
      { kind: 'send_app_message', data: { c: 3 }, to: 'leo' },
    ]);
    await seat.leave();
    await expect(seat.sendAppMessage({})).rejects.toMatchObject({ provider: 'daily', kind: 'network' });
  });

  test('is left once, however often that is asked for, even if the page does not answer', async () => {
    const seat = await take();
    outcomes.push('no answer');
    const left = seat.leave();
    await until(() => page().orders.at(-1)?.kind === 'leave');
    wall.advance(SEAT_LIMITS.leaveMs);
    await Promise.all([left, seat.leave()]);
    expect(page().isClosed).toBe(true);
    expect(wall.pending).toBe(0);
    expect(notes).toEqual([]);
  });

  test('is refused at once where another try is no use, and with a reason', async () => {
    const reasons: Record<string, string> = {};
    for (const type of ['no-room', 'exp-room', 'exp-token', 'not-allowed', 'meeting-full', 'ejected', 'end-of-life']) {
      outcomes = [{ type, message: 'text of Daily' }];
      reasons[type] = await take().then(
        () => 'taken',
        (error: Error & { kind: string }) => `${error.kind}: ${error.message}`,
      );
    }
    expect(reasons).toEqual({
      'no-room': 'not_found: the Daily room does not exist, or was deleted',
      'exp-room': 'not_found: the Daily room has expired',
      'exp-token': 'unauthorized: the token for the Daily room has expired',
      'not-allowed': 'unauthorized: Daily does not let this token into the room',
      'meeting-full': 'quota: the Daily room is full',
      ejected: 'not_found: Daily ended the call: the room was deleted or has expired, or somebody removed the agent',
      'end-of-life': 'unsupported: Daily no longer supports this version of daily-js: update bottalk',
    });
    expect(joins).toBe(7);
    expect(pages.every(({ isClosed }) => isClosed)).toBe(true);
  });

  test('is of no use when nobody says who one is', async () => {
    outcomes = ['done for nobody'];
    await expect(take()).rejects.toThrow('Daily did not say who the agent is in the call');
    expect(page().isClosed).toBe(true);
  });

  test('that could not be taken is tried again, in the same page, and given up in the end', async () => {
    outcomes = [CONNECTION_ERROR, CONNECTION_ERROR];
    const taking = take();
    await until(() => joins === 1);
    await beat();
    wall.advance(1_000);
    await until(() => joins === 2);
    await beat();
    wall.advance(2_000);
    const seat = await taking;
    expect([joins, pages.length]).toEqual([3, 1]);
    await seat.leave();

    outcomes = [CONNECTION_ERROR, CONNECTION_ERROR, CONNECTION_ERROR];
    const refused = take().catch((error: unknown) => error);
    for (let tried = 4; tried < 6; tried++) {
      await until(() => joins === tried);
      await beat();
      wall.advance(2_000);
    }
    expect(await refused).toMatchObject({ kind: 'network' });
    expect(joins).toBe(6);
  });

  test('is taken from a new page when the first one does not answer', async () => {
    outcomes = ['no answer'];
    const taking = take();
    await until(() => joins === 1);
    // The page lives all the while.
    for (let secs = 0; secs < 20; secs += 5) {
      wall.advance(5_000 - 1);
      await beat();
      wall.advance(1);
    }
    await until(() => wall.pending > 0 && page().isClosed);
    wall.advance(1_000);
    const seat = await taking;
    expect(pages.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    await seat.leave();
  });
});

describe('a call that is disturbed', () => {
  test('is waited for as long as Daily may mend it itself', async () => {
    await take();
    page().tell({ kind: 'connection', of: 'signaling', interrupted: true });
    page().tell({ kind: 'connection', of: 'sfu', interrupted: true });
    await noted('! Nora: the connection to Daily is interrupted');
    await live(24_000);
    page().tell({ kind: 'connection', of: 'signaling', interrupted: false });
    await beat();
    await live(60_000);
    expect(joins).toBe(1);

    page().tell({ kind: 'connection', of: 'peer-to-peer', interrupted: true });
    page().tell({ kind: 'connection', of: 'sfu', interrupted: true });
    await noted('! Nora: the connection to Daily is interrupted');
    await live(25_000);
    await until(() => joins === 2);
    await noted('! Nora: the connection to the Daily call failed; joining again', 'nora-2 after nora-1');
    expect(pages).toHaveLength(1);
  });

  test('goes on under a new id: peers stay, the gone are missed, and neither the ghost nor the echo of oneself is anybody', async () => {
    const seat = await take();
    page().tell({ kind: 'peer_joined', peer: { id: 'leo', name: 'Leo' } });
    page().tell({ kind: 'peer_joined', peer: { id: 'max', name: 'Max' } });
    await noted('Leo joined', 'Max joined');
    page().tell({ kind: 'failed', fault: CONNECTION_ERROR });
    await noted('! Nora: the connection to the Daily call failed; joining again', 'nora-2 after nora-1');
    page().tell({ kind: 'peer_joined', peer: { id: 'nora-1', name: 'Nora' } });
    page().tell({ kind: 'peer_joined', peer: { id: 'leo', name: 'Leo' } });
    page().tell({ kind: 'transcribed', participant: 'nora-1', text: 'as I said', final: true, span: null });
    await noted('nora-2: as I said');
    await beat();
    wall.advance(SEAT_LIMITS.settleMs);
    await noted('Max left: left meanwhile');
    expect(seat.self).toEqual({ id: 'nora-2', name: 'Nora' });
  });

  test('is gone on with from a new page when the old one crashes, breaks off, falls silent or hears nothing', async () => {
    await take();
    page().crash();
    await noted('! Nora: the page for the Daily call is gone: it crashed; joining again', 'nora-2 after nora-1');
    await page().close();
    await noted('! Nora: the page for the Daily call is gone: its connection broke; joining again', 'nora-3 after nora-2');
    wall.advance(6_000);
    await noted('! Nora: the page for the Daily call is gone: it said nothing for 6 s; joining again', 'nora-4 after nora-3');
    page().tell({ kind: 'deaf', participant: 'leo' });
    await noted('! Nora: the page for the Daily call is gone: it hears nothing of a participant who speaks; joining again', 'nora-5 after nora-4');
    expect(pages.map(({ isClosed }) => isClosed)).toEqual([true, true, true, true, false]);

    page().tell({ kind: 'failed', fault: CONNECTION_ERROR });
    await noted('! Nora: the connection to the Daily call failed; joining again', 'nora-6 after nora-5');
    page().crash();
    await noted('lost: the page for the Daily call is gone: it crashed');
  });

  test('is over when joining again does not help', async () => {
    await take();
    outcomes = [{ type: 'no-room', message: '' }];
    page().tell({ kind: 'failed', fault: CONNECTION_ERROR });
    await noted('! Nora: the connection to the Daily call failed; joining again', 'lost: the Daily room does not exist, or was deleted');
    expect(page().isClosed).toBe(true);
  });

  test('that is left while it is being mended leaves no page behind', async () => {
    const seat = await take();
    outcomes = ['no answer'];
    page().crash();
    await until(() => joins === 2);
    const left = seat.leave();
    await until(() => page().orders.at(-1)?.kind === 'leave');
    await left;
    expect(pages.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    expect(notes.at(-1)).toMatch(/joining again$/);
  });
});

describe('a room that ends', () => {
  test('is announced, and the call is over even if nobody says so', async () => {
    await take();
    await live((EXPIRES_AT_SECS - 30) * 1000);
    await noted('! the Daily room expires in 30 s');
    await beat();
    await live(35_000);
    await noted('lost: the Daily room has expired');
    expect(wall.pending).toBe(0);
  });

  test('under us loses the seat at once', async () => {
    await take();
    page().tell({ kind: 'failed', fault: { type: 'ejected', message: '' } });
    await noted('lost: Daily ended the call: the room was deleted or has expired, or somebody removed the agent');
    expect(page().isClosed).toBe(true);
    expect(joins).toBe(1);
  });
});

async function take(): Promise<DailySeat> {
  const request = { url: 'https://x.daily.co/room', token: 'secret', userName: 'Nora', expiresAtSecs: EXPIRES_AT_SECS };
  const { signal } = new AbortController();
  const seat = await takeSeat({ wall, request, listener: noting, callMachineFolder: null, openPage, limits: SEAT_LIMITS, signal });
  seats.push(seat);
  return seat;
}

function openPage(listener: PageListener): Promise<PageSession> {
  return PageSession.open({
    wall,
    server,
    listener,
    limits: { startMs: 10_000, quietMs: 6_000 },
    signal: new AbortController().signal,
    openPage: async (url, onCrashed) => {
      const opened = await ScriptedPage.open(url, { onCrashed, obey });
      pages.push(opened);
      return opened;
    },
  });
}

function obey(order: PageOrder, obeying: ScriptedPage): Outcome {
  if (order.kind === 'send_app_message') return null;
  const outcome = outcomes.shift() ?? null;
  if (outcome === 'done for nobody') return null;
  if (order.kind === 'join') {
    joins += 1;
    if (outcome === null) obeying.tell({ kind: 'joined', self: { id: `nora-${joins}`, name: 'Nora' } });
  }
  return outcome;
}

const noting: SeatListener = {
  peerJoined: ({ name }) => void notes.push(`${name} joined`),
  peerLeft: ({ name }, reason) => void notes.push(`${name} left: ${reason}`),
  frameArrived: ({ name }, samples) => void notes.push(`${name}: ${samples[0]}`),
  appMessageArrived: ({ name }, data) => void notes.push(`${name}: ${JSON.stringify(data)}`),
  transcriptArrived: ({ participant, text }) => void notes.push(`${participant}: ${text}`),
  transcriptionChanged: (state, reason) => void notes.push(`transcription ${state} ${reason}`),
  seatChanged: (now, before) => void notes.push(`${now.id} after ${before.id}`),
  troubled: (text) => void notes.push(`! ${text}`),
  seatLost: (error) => void notes.push(`lost: ${error.message}`),
};

function page(): ScriptedPage {
  const last = pages.at(-1);
  if (!last) throw new Error('no page was opened');
  return last;
}

/** Waits for these notes, which have to be all there are, and forgets them. */
async function noted(...expected: readonly string[]): Promise<void> {
  await until(() => notes.length >= expected.length);
  expect(notes.splice(0)).toEqual(expected);
}

/** The page says that it lives, and bottalk has heard it. */
async function beat(): Promise<void> {
  const { length } = notes;
  page().tell({ kind: 'transcription', state: 'started', reason: null });
  await until(() => notes.length > length);
  notes.pop();
}

/** Time passes, and the page beats as it should. */
async function live(ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= 5_000) {
    wall.advance(Math.min(leftMs, 5_000));
    if (leftMs > 5_000) await beat();
  }
}
