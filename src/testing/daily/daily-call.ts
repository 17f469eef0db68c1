/**
 * A call in a Daily room for tests: the whole product side with a real browser, against the stand-in for Daily. All
 * of it stays on this machine, in a folder of its own, and is gone when it is closed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AudioFrame, audioFrame } from '../../audio/frame.ts';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../../audio/format.ts';
import { RealClock } from '../../clock/real-clock.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import type { BottalkEvent } from '../../events/event.ts';
import { RunLog } from '../../events/log.ts';
import { findChromium } from '../../providers/daily/find-chromium.ts';
import { DailyRest } from '../../providers/daily/rest.ts';
import { newRoom, type RoomAccess } from '../../providers/daily/room.ts';
import { DailySeats, type DailySeatsOptions } from '../../providers/daily/seats.ts';
import { DailyTransport } from '../../providers/daily/transport.ts';
import { Recorder } from '../../room/recorder.ts';
import { RoomGuest } from '../room-guest.ts';
import { until } from '../until.ts';

/** Only this machine can be reached; names ending in local are how Chromium hides its addresses from pages. */
export const STAY_HOME = 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.local';

export type DailyCallOptions = {
  readonly restUrl: string;
  readonly apiKey: string;
  readonly callMachineFolder: string;
  readonly limits?: DailySeatsOptions['limits'];
};

export class DailyCall {
  readonly clock = new RealClock({ wall });
  readonly events: BottalkEvent[] = [];
  readonly recorder = new Recorder();
  readonly profilesFolder = mkdtempSync(join(tmpdir(), 'bottalk-daily-'));
  readonly room: RoomAccess;
  readonly rest: DailyRest;
  readonly transport: DailyTransport;
  /** Settles when the call is over: with undefined, or with what ended it. */
  readonly over: Promise<unknown>;
  #guests = 0;

  static async open(options: DailyCallOptions): Promise<DailyCall> {
    const rest = new DailyRest({ wall, apiKey: options.apiKey, baseUrl: options.restUrl, firstWaitMs: 10 });
    return new DailyCall(options, rest, await newRoom({ rest, wall }));
  }

  private constructor({ callMachineFolder, limits }: DailyCallOptions, rest: DailyRest, room: RoomAccess) {
    this.rest = rest;
    this.room = room;
    const { clock, recorder, events, profilesFolder } = this;
    const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }] });
    const seats = new DailySeats({
      wall,
      executable: findChromium({ env: process.env, platform: process.platform }),
      callMachineFolder,
      hostRules: STAY_HOME,
      profilesFolder,
      ...(limits ? { limits } : {}),
    });
    this.transport = new DailyTransport({ clock, log, recorder, seats, openRoom: async () => room, announcedLatencyMs: 350, onTextMissing: () => undefined });
    this.over = this.clock.run().then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** Lets somebody join who publishes a frame every tick. */
  async guest(name: string): Promise<RoomGuest> {
    const guest = new RoomGuest({ clock: this.clock, name, order: this.#guests++ });
    await guest.join(this.transport);
    return guest;
  }

  /** Looks again and again until it is true; what never becomes true runs into the test's own limit. */
  async until(condition: () => boolean): Promise<void> {
    await until(condition, 10);
  }

  /** What was logged of these kinds, without the numbers that nobody can foretell. */
  told(...types: readonly BottalkEvent['type'][]): string[] {
    return this.events.flatMap((event) => (types.includes(event.type) ? [describe(event)] : []));
  }

  async close(): Promise<void> {
    this.clock.stop();
    await this.over;
    await this.transport.close();
    rmSync(this.profilesFolder, { recursive: true, force: true });
  }
}

/** A tone in frames. */
export function tone({ hertz, ms }: { readonly hertz: number; readonly ms: number }): AudioFrame[] {
  return Array.from({ length: (ms * SAMPLE_RATE_HZ) / 1000 / FRAME_SAMPLES }, (_, frame) =>
    audioFrame(Int16Array.from({ length: FRAME_SAMPLES }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hertz * (frame * FRAME_SAMPLES + n)) / SAMPLE_RATE_HZ))),
  );
}

function describe(event: BottalkEvent): string {
  switch (event.type) {
    case 'participant.joined':
      return `${event.name} joined`;
    case 'participant.left':
      return `${event.name} left: ${event.reason}`;
    case 'warning.raised':
      return event.message;
    default:
      return event.type;
  }
}
