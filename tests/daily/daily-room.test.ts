import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/base/errors.ts';
import { DailyCall, tone } from '../../src/testing/daily/daily-call.ts';
import { type BrowserProcess, browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import type { HeardFrame, RoomGuest } from '../../src/testing/room-guest.ts';
import { isChromiumMissing } from './chromium-here.ts';

describe.skipIf(isChromiumMissing('tests/daily/daily-room.test.ts'))('a Daily room, with the real daily-js in a real Chromium', () => {
  let daily: FakeDaily;
  let call: DailyCall;
  beforeEach(async () => {
    daily = await FakeDaily.start();
    const { restUrl, apiKey, callMachineFolder } = daily;
    call = await DailyCall.open({ restUrl, apiKey, callMachineFolder, limits: { interruptedMs: 50, firstWaitMs: 50, settleMs: 500 } });
  });
  afterEach(async () => {
    await call.close();
    await daily.close();
  });

  test('two hear each other and not themselves, and everybody gets every text', async () => {
    const nora = await call.guest('Nora');
    const leo = await call.guest('Leo');
    await call.until(() => nora.frames.length > 10 && leo.frames.length > 10);
    nora.say(tone({ hertz: 500, ms: 1_000 }));
    leo.say(tone({ hertz: 700, ms: 1_000 }));
    await call.until(() => call.told('wire.speech_stopped').length === 2);
    expect(heard(leo)).toEqual({ from: 'Nora', hertz: 500, milliseconds: about(1_000) });
    expect(heard(nora)).toEqual({ from: 'Leo', hertz: 700, milliseconds: about(1_000) });

    nora.connection?.sendAppMessage({ to: 'all' });
    leo.connection?.sendAppMessage({ to: 'Nora' }, nora.connection?.self.id);
    leo.connection?.sendAppMessage({ to: 'nobody' }, 'nobody');
    await call.until(() => notes(nora).length === 2 && notes(leo).length === 2);
    await call.rest.sendAppMessage(daily.room.name, { by: 'REST' });
    const id = daily.room.idOf('Nora');
    daily.room.transcribe({ participantId: id, text: 'good', final: false, startSecs: 1, durationSecs: 0.3 });
    daily.room.transcribe({ participantId: id, text: 'good day', final: true, startSecs: 1, durationSecs: 0.6 });
    await call.until(() => notes(nora).length === 3 && notes(leo).length === 3);
    await call.until(() => nora.transcripts.length === 2 && leo.transcripts.length === 2);
    for (const { transcripts } of [nora, leo]) {
      expect(transcripts.map(({ participant, text, final }) => ({ participant, text, final }))).toEqual([
        { participant: nora.connection?.self.id, text: 'good', final: false },
        { participant: nora.connection?.self.id, text: 'good day', final: true },
      ]);
    }
    expect(notes(nora)).toEqual(['Leo joined', 'Leo sent {"to":"Nora"}', ' sent {"by":"REST"}']);
    expect(notes(leo)).toEqual(['Nora joined', 'Nora sent {"to":"all"}', ' sent {"by":"REST"}']);
    expect(call.told('participant.joined', 'participant.left', 'warning.raised')).toEqual(['Nora joined', 'Leo joined']);
    expect(call.told('transcript.published')).toHaveLength(2);
    expect(daily.requests.map(({ line }) => line).filter((line) => line.includes('transcription'))).toEqual([
      `POST /rooms/${daily.room.name}/transcription/start`,
    ]);
  });

  test('whoever leaves can come back, as somebody new', async () => {
    const nora = await call.guest('Nora');
    const leo = await call.guest('Leo');
    const before = nora.connection?.self.id;
    nora.leave('called away');
    await call.until(() => notes(leo).length === 2);
    const again = await call.guest('Nora');
    await call.until(() => again.frames.length > 10 && leo.frames.length > 10);
    again.say(tone({ hertz: 500, ms: 400 }));
    await call.until(() => call.told('wire.speech_stopped').length === 1);
    expect(heard(leo)).toEqual({ from: 'Nora', hertz: 500, milliseconds: about(400) });
    expect(again.connection?.self.id).not.toBe(before);
    expect(notes(leo)).toEqual(['Nora joined', 'Nora left: left', 'Nora joined']);
    expect(notes(again)).toEqual(['Leo joined']);
    expect(call.told('participant.joined', 'participant.left')).toEqual(['Nora joined', 'Leo joined', 'Nora left: called away', 'Nora joined']);
  });

  test('a room that is deleted under us ends the call with a reason, and leaves nothing behind', async () => {
    await call.guest('Nora');
    await call.guest('Leo');
    await call.rest.deleteRoom(daily.room.name);
    const reason = await call.over;
    expect(reason).toBeInstanceOf(ProviderError);
    expect(reason).toMatchObject({ provider: 'daily', kind: 'not_found', message: 'the Daily room does not exist, or was deleted' });
    await call.transport.close();
    expect(browserProcesses(call.profilesFolder)).toEqual([]);
    expect(readdirSync(call.profilesFolder)).toEqual([]);
  });

  test('the room is deleted when the call is over', async () => {
    await call.guest('Nora');
    const { name } = daily.room;
    await call.transport.close();
    expect(daily.rooms.size).toBe(0);
    expect(daily.requests.at(-1)?.line).toBe(`DELETE /rooms/${name}`);
  });

  test('a connection that breaks is made again: others see somebody new, and the old self is still known as oneself', async () => {
    const nora = await call.guest('Nora');
    const leo = await call.guest('Leo');
    const before = daily.room.idOf('Nora');
    await call.until(() => leo.frames.length > 10);
    daily.room.cutOff('Nora');
    await call.until(() => notes(leo).length === 3 && nora.connection?.self.id === daily.room.idOf('Nora'));
    const { self } = nora.connection ?? {};
    expect(notes(leo)).toEqual(['Nora joined', 'Nora left: left', 'Nora joined']);
    expect(notes(nora), 'Leo was there all the time').toEqual(['Leo joined']);
    expect(self?.id).not.toBe(before);

    daily.room.transcribe({ participantId: before, text: 'said before', final: true, startSecs: 1, durationSecs: 1 });
    await call.until(() => nora.transcripts.length === 1);
    expect(nora.transcripts[0]?.participant, 'its own echo').toBe(self?.id);

    leo.frames.length = 0;
    await call.until(() => leo.frames.length > 10);
    nora.say(tone({ hertz: 500, ms: 400 }));
    await call.until(() => call.told('wire.speech_stopped').length === 1);
    expect(heard(leo)).toEqual({ from: 'Nora', hertz: 500, milliseconds: about(400) });
    expect(call.told('warning.raised')).toEqual([
      'Nora: the connection to Daily is interrupted',
      'Nora: the connection to the Daily call failed; joining again',
    ]);
    expect(call.told('participant.left'), 'noticed by herself or by Leo first').toEqual([expect.stringMatching(/^Nora left: (connection lost|left)$/)]);
    expect(daily.requests.filter(({ line }) => line.includes('transcription')), 'it is running already').toHaveLength(1);
  });

  test.each(['renderer', 'browser'] as const)('a %s that is killed is replaced, and the call goes on', async (type) => {
    const nora = await call.guest('Nora');
    const leo = await call.guest('Leo');
    await call.until(() => leo.frames.length > 10 && nora.frames.length > 10);
    kill(type);
    await call.until(() => call.told('participant.joined').length === 4);
    leo.frames.length = 0;
    nora.frames.length = 0;
    await call.until(() => leo.frames.length > 10 && nora.frames.length > 10);
    nora.say(tone({ hertz: 500, ms: 400 }));
    await call.until(() => call.told('wire.speech_stopped').length === 1);
    expect(heard(leo)).toEqual({ from: 'Nora', hertz: 500, milliseconds: about(400) });
    expect(call.told('warning.raised').toSorted().map((text) => text.replace(/: it.*;/, ': ...;'))).toEqual([
      'Leo: the page for the Daily call is gone: ...; joining again',
      'Nora: the page for the Daily call is gone: ...; joining again',
    ]);
    expect(readdirSync(call.profilesFolder)).toHaveLength(1);
  });

  test('sound comes back when the audio service dies, and nobody has to join again', async () => {
    const nora = await call.guest('Nora');
    const leo = await call.guest('Leo');
    await call.until(() => leo.frames.length > 10 && nora.frames.length > 10);
    kill('audio');
    // What was on its way still comes.
    await call.until(() => isQuiet(leo) && isQuiet(nora));
    leo.frames.length = 0;
    await call.until(() => leo.frames.length > 10);
    nora.say(tone({ hertz: 500, ms: 400 }));
    await call.until(() => call.told('wire.speech_stopped').length === 1);
    expect(heard(leo)).toEqual({ from: 'Nora', hertz: 500, milliseconds: about(400) });
    expect(call.told('warning.raised', 'participant.left')).toEqual([]);
  });

  function kill(type: BrowserProcess['type']): void {
    for (const { pid } of browserProcesses(call.profilesFolder).filter((one) => one.type === type)) process.kill(pid, 'SIGKILL');
  }

  /** Nothing has come for a quarter of a second. */
  function isQuiet({ frames }: RoomGuest): boolean {
    return call.clock.nowMs() - (frames.at(-1)?.atMs ?? 0) > 250;
  }
});

function notes(guest: RoomGuest): string[] {
  return guest.notes.map((note) => note.replace(/^\S+ /, ''));
}

/** The one voice that somebody heard: whose, how high, and how long. */
function heard({ frames }: RoomGuest): { readonly from: string; readonly hertz: number; readonly milliseconds: number } {
  const loud = frames.filter(({ frame }) => frame.samples.some((sample) => Math.abs(sample) > 2_000));
  return { from: [...new Set(loud.map(({ from }) => from))].join(), hertz: pitch(loud.slice(1, -1)), milliseconds: loud.length * 20 };
}

/** On a busy machine the far end stretches sound, and shortens it again later. */
function about(milliseconds: number): unknown {
  return expect.toSatisfy((value: number) => value > 0.6 * milliseconds && value < 1.6 * milliseconds);
}

/** To the nearest 50 Hz, from the usual distance between two places where the wave rises through zero. */
function pitch(frames: readonly HeardFrame[]): number {
  const samples = frames.flatMap(({ frame }) => [...frame.samples]);
  const rises = samples.flatMap((sample, n) => (sample >= 0 && (samples[n - 1] ?? 0) < 0 ? n : []));
  const distances = rises.slice(1).map((rise, n) => rise - (rises[n] ?? 0)).toSorted((a, b) => a - b);
  return Math.round(16_000 / (distances[distances.length >> 1] ?? 1) / 50) * 50;
}
