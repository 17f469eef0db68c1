/** The page's socket, as a page uses it: runs in the embedded room, watched, heard and steered from outside. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decodeWav, type Wav } from '../../src/audio/wav.ts';
import { DevServerBench, type Client } from '../../src/testing/dev-server-bench.ts';
import type { ServerMessage } from '../../src/web/parts/live-messages.ts';

let bench: DevServerBench;
beforeAll(async () => void (bench = await DevServerBench.open()));
afterAll(() => bench.close());

/** What was told of a run, without what is told only to who is there: how far it had come. */
function toldOf(client: Client, run: number): readonly ServerMessage[] {
  return client.messages.filter((message) => message.kind !== 'time' && message.kind !== 'hello' && (message.kind === 'run' ? message.run.number : message.run) === run);
}

function eventsOf(client: Client, run: number): string {
  return client.messages.flatMap((message) => (message.kind === 'event' && message.run === run ? [`${JSON.stringify(message.event)}\n`] : [])).join('');
}

describe('a run that is watched', () => {
  let early: Client;
  let run: { id: string; number: number };
  beforeAll(async () => {
    early = bench.connect('/live');
    await early.until('hello');
    run = await bench.start({ scenario: 'scenarios/quickstart.yaml' });
    await early.until('ended', ({ run: number }) => number === run.number);
  });

  test('begins with what is known of it', () => {
    const [first, second] = toldOf(early, run.number);
    expect(first).toMatchObject({ kind: 'run', run: { number: run.number, id: run.id, mode: 'embedded', scenario: 'scenarios/quickstart.yaml', adjustable: true } });
    expect(first?.kind === 'run' && first.run.agents.map(({ goesFirst }) => goesFirst)).toEqual([true, false]);
    expect(second).toEqual({ kind: 'pace', run: run.number, speed: 'max', paused: false });
  });

  test('is told as its events.jsonl holds it, once, in order', () => {
    expect(eventsOf(early, run.number)).toBe(readFileSync(join(bench.runsFolder, run.id, 'events.jsonl'), 'utf8'));
  });

  test('is heard as its recording has it, sample by sample', () => {
    const { tracks } = decodeWav(readFileSync(join(bench.runsFolder, run.id, 'audio.wav'))) as Wav;
    const heard = tracks.map(({ length }) => new Int16Array(length));
    for (const { run: number, callMs, order, samples } of early.sounds) if (number === run.number) heard[order]?.set(samples, callMs * 16);
    expect(early.sounds.every(({ samples }) => samples.length >= 320 && samples.length <= 3200)).toBe(true);
    expect(heard.map((track, i) => Buffer.compare(Buffer.from(track.buffer), Buffer.from(tracks[i]?.buffer as ArrayBuffer)))).toEqual([0, 0]);
  });

  test('ends with its verdict, every expectation decided once, and where its report is', async () => {
    const ended = await early.until('ended', ({ run: number }) => number === run.number);
    const told = early.messages.flatMap((message) => (message.kind === 'check' && message.run === run.number ? [message.check] : []));
    expect(ended).toMatchObject({ verdict: 'passed', failure: null, audio: `/runs/${run.id}/audio.wav` });
    const outcomes = (checks: typeof told): unknown => checks.toSorted((a, b) => a.index - b.index).map(({ index, outcome }) => [index, outcome]);
    expect(outcomes(told)).toEqual(outcomes([...ended.checks]));
    expect(toldOf(early, run.number).at(-1)).toBe(ended);
    const metrics = (await bench.ask('GET', `/runs/${run.id}/metrics.json`)).body as { checks: unknown };
    expect(ended.checks).toEqual(metrics.checks);
  });

  test('is told whole to who comes when it is over', async () => {
    const late = bench.connect('/live');
    await late.until('ended');
    expect(toldOf(late, run.number)).toEqual(toldOf(early, run.number));
    expect(late.messages[0]).toMatchObject({ kind: 'hello', version: '0.0.0', keys: { openai: false, elevenlabs: false, daily: false } });
  });

  test('is told once and in order to who comes in the middle of it, whenever that is', async () => {
    const again = await bench.start({ paused: true });
    const newcomers: Client[] = [];
    const come = (): void => void newcomers.push(bench.connect('/live'));
    come();
    await newcomers[0]?.until('pace', ({ run: number }) => number === again.number);
    early.send({ kind: 'resume' });
    for (let seen = 0; seen < 10; seen += 1) {
      await early.until('event', ({ run: number, event }) => number === again.number && event.seq === seen * 20);
      come();
    }
    await Promise.all([early, ...newcomers].map((client) => client.until('ended', ({ run: number }) => number === again.number)));
    const events = readFileSync(join(bench.runsFolder, again.id, 'events.jsonl'), 'utf8');
    for (const client of [early, ...newcomers]) expect(eventsOf(client, again.number)).toBe(events);
  });

  test('says early what nothing can change any more', () => {
    const told = toldOf(early, run.number);
    const words = told.findIndex((message) => message.kind === 'check' && message.check.expected.includes('half past twelve'));
    expect(words).toBeGreaterThan(0);
    expect(words).toBeLessThan(told.findLastIndex(({ kind }) => kind === 'event'));
  });
});

describe('a run that is steered', () => {
  let page: Client;
  beforeEach(async () => {
    page = bench.connect('/live');
    await page.until('hello');
  });

  test('stands still while it is paused, runs as fast as it is told, and stops in order', async () => {
    const { number, id } = await bench.start({ speed: 1, paused: true });
    await page.until('pace', (pace) => pace.run === number && pace.paused && pace.speed === 1);
    page.send({ kind: 'pace', speed: 2 });
    await page.until('pace', (pace) => pace.run === number && pace.paused && pace.speed === 2);
    const told = toldOf(page, number).length;
    page.send({ kind: 'resume' });
    await page.until('pace', (pace) => pace.run === number && !pace.paused);
    await page.until('time', (time) => time.run === number && time.callMs >= 200);
    page.send({ kind: 'pause' });
    await page.until('pace', (pace) => pace.run === number && pace.paused && toldOf(page, number).indexOf(pace) > told);
    page.send({ kind: 'stop' });
    const ended = await page.until('ended', (message) => message.run === number);
    expect(ended).toMatchObject({ endedBy: 'cancelled', verdict: 'cancelled' });
    expect(eventsOf(page, number)).toBe(readFileSync(join(bench.runsFolder, id, 'events.jsonl'), 'utf8'));
  });

  test('sends its times in order behind what they include, and no sound to who wants none', async () => {
    const deaf = bench.connect('/live');
    await deaf.until('hello');
    deaf.send({ kind: 'sound', wanted: false });
    const { number } = await bench.start({ speed: 2, paused: true });
    await deaf.until('run', ({ run }) => run.number === number);
    page.send({ kind: 'resume' });
    const { event: speaking } = await page.until('event', ({ run, event }) => run === number && event.type === 'utterance.started');
    await page.until('time', (time) => time.run === number && time.callMs >= speaking.atMs + 400);
    page.send({ kind: 'stop' });
    await Promise.all([page, deaf].map((client) => client.until('ended', (message) => message.run === number)));
    const times = page.messages.flatMap((message) => (message.kind === 'time' && message.run === number ? [message.callMs] : []));
    expect(times.slice(1)).toEqual(times.slice(1).map((_, i) => 100 * (i + 1)));
    let toldMs = 0;
    const late = page.messages.filter((message) => {
      if (message.kind === 'time' && message.run === number) toldMs = message.callMs;
      return message.kind === 'event' && message.run === number && message.event.atMs < toldMs;
    });
    expect(late).toEqual([]);
    expect(page.sounds.some(({ run }) => run === number)).toBe(true);
    expect(deaf.sounds).toEqual([]);
  });

  test('is not moved by what is no message of a page', async () => {
    const { number } = await bench.start({ paused: true });
    await page.until('run', ({ run }) => run.number === number);
    for (const message of ['', '{', '[]', { kind: 'pace', speed: 3 }, { kind: 'pace' }, { kind: 'sound', wanted: 1 }, { kind: 'constructor' }, null]) page.send(message as never);
    page.send({ kind: 'resume' });
    expect((await page.until('ended', (message) => message.run === number)).endedBy).toBe('end_conversation');
  });

  test('gives way to the next one, and its folder stays whole', async () => {
    const first = await bench.start({ speed: 1 });
    const second = await bench.start();
    await page.until('ended', ({ run }) => run === second.number);
    const told = page.messages.flatMap((message) => {
      if (message.kind === 'run') return [`run ${message.run.number}`];
      return message.kind === 'ended' ? [`ended ${message.run}`] : [];
    });
    expect(told.slice(-4)).toEqual([`run ${first.number}`, `ended ${first.number}`, `run ${second.number}`, `ended ${second.number}`]);
    expect((await bench.ask('GET', `/runs/${first.id}/run.json`)).body).toMatchObject({ ended_by: 'cancelled' });
    expect((await bench.ask('GET', '/api/runs')).body).toMatchObject({ runs: expect.arrayContaining([expect.objectContaining({ id: first.id, endedBy: 'cancelled' })]) as unknown });
  });

  test('that three pages start at once is one after the other, or gives way to one that was asked for later', async () => {
    const starts = await Promise.allSettled([bench.start({ speed: 1 }), bench.start({ speed: 1 }), bench.start({ speed: 1 })]);
    const refused = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
    expect(refused.length).toBeLessThan(3);
    expect(refused).toEqual(refused.map(() => expect.stringContaining('another call was started before this one began') as unknown));
    expect(await bench.ask('POST', '/api/stop')).toEqual({ status: 200, body: { status: 'stopped' } });
    const ids = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect((await bench.ask('GET', `/runs/${id}/run.json`)).body).toMatchObject({ ended_by: 'cancelled' });
  });
});

test('a server that ends finishes its run and says goodbye; the next one on its folders shows it', async () => {
  const first = await DevServerBench.open();
  const page = first.connect('/live');
  await page.until('hello');
  const { id } = await first.start({ speed: 1 });
  await page.until('event');
  await first.close({ keep: true });
  expect(await page.closed).toBe(1001);
  expect(page.messages.at(-1)).toMatchObject({ kind: 'ended', endedBy: 'cancelled' });
  const second = await DevServerBench.open({ folder: first.folder });
  const again = second.connect('/live');
  const { server } = await again.until('hello');
  expect(server).not.toBe((await page.until('hello')).server);
  expect((await second.ask('GET', '/api/runs')).body).toMatchObject({ runs: [{ id, endedBy: 'cancelled' }] });
  await second.close();
});
