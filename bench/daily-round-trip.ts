/**
 * How long sound takes from one agent through a page, WebRTC on this machine and another page to the other agent: a
 * frame with a tone is published, and the first frame with sound in it is waited for. Against the stand-in for Daily,
 * so without any network; both directions at once.
 */
import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../src/audio/format.ts';
import { audioFrame, SILENCE } from '../src/audio/frame.ts';
import type { RealClock } from '../src/clock/real-clock.ts';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { findChromium } from '../src/providers/daily/find-chromium.ts';
import type { Connection, RoomListener } from '../src/room/room.ts';
import { DailyCall } from '../src/testing/daily/daily-call.ts';
import { FakeDaily } from '../src/testing/daily/fake-daily.ts';
import type { Figure } from './figures.ts';

const BURSTS = 60;
/** The first bursts find the far end's buffer still settling. */
const WARM_UP_BURSTS = 6;
const BURST_EVERY_FRAMES = 17;
const LOUD = 2_000;
const TONE = audioFrame(Int16Array.from({ length: FRAME_SAMPLES }, (_, n) => 12_000 * Math.sin((2 * Math.PI * 1_000 * n) / SAMPLE_RATE_HZ)));

/** No figures where there is no browser. */
export async function dailyRoundTrip(): Promise<Figure[]> {
  try {
    findChromium({ env: process.env, platform: process.platform });
  } catch (error) {
    console.log(`Daily was not measured: ${String(error)}`);
    return [];
  }
  const daily = await FakeDaily.start();
  const call = await DailyCall.open(daily);
  try {
    const ends = [new End(call.clock), new End(call.clock)] as const;
    const connections: Connection[] = [];
    for (const [order, end] of ends.entries()) connections.push(await call.transport.join({ name: `agent ${order}`, order }, end));
    for (const [order, end] of ends.entries()) end.listenTo(ends[1 - order] as End);
    for (const [order, end] of ends.entries()) end.speakInto(connections[order] as Connection, order);
    await call.until(() => ends.every(({ bursts }) => bursts === BURSTS));
    const roundTripsMs = ends.flatMap((end) => end.delaysMs.slice(WARM_UP_BURSTS)).toSorted((a, b) => a - b);
    return [
      { what: 'Daily audio, agent to agent without network', values: roundTripsMs, unit: 'ms', aim: 'aim 100' },
      { what: 'Daily audio, 95th percentile', values: [roundTripsMs[Math.floor(roundTripsMs.length * 0.95)] ?? Number.NaN], unit: 'ms', aim: '' },
    ];
  } finally {
    await call.close();
    await daily.close();
  }
}

class End implements RoomListener {
  /** From the publishing of each burst that was heard here to the arrival of its first sound. */
  readonly delaysMs: number[] = [];
  bursts = 0;
  readonly #clock: RealClock;
  #sentAtMs: number | undefined;
  #peer: End | undefined;
  #hasHeard = false;

  constructor(clock: RealClock) {
    this.#clock = clock;
  }

  listenTo(peer: End): void {
    this.#peer = peer;
  }

  speakInto(connection: Connection, order: number): void {
    this.#clock.every(FRAME_MS, { phase: 'playout', order }, (n) => {
      // Until sound comes through at all there is nothing to measure.
      const isBurst = this.#hasHeard && this.bursts < BURSTS && n % BURST_EVERY_FRAMES === 0;
      if (isBurst) {
        this.bursts += 1;
        this.#sentAtMs = wall.nowMs();
      }
      connection.publish(isBurst ? TONE : SILENCE);
    });
  }

  frameHeard(...[, frame]: Parameters<RoomListener['frameHeard']>): void {
    this.#hasHeard = true;
    const sentAtMs = this.#peer?.takeSentAtMs(frame.samples.some((sample) => Math.abs(sample) > LOUD));
    if (sentAtMs !== undefined) this.delaysMs.push(wall.nowMs() - sentAtMs);
  }

  transcriptReceived(): void {}
  participantJoined(): void {}
  participantLeft(): void {}
  appMessageReceived(): void {}

  /** When the burst was published that has just been heard; each is heard once. */
  takeSentAtMs(isLoud: boolean): number | undefined {
    const sentAtMs = isLoud ? this.#sentAtMs : undefined;
    if (isLoud) this.#sentAtMs = undefined;
    return sentAtMs;
  }
}
