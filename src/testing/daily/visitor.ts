/**
 * Somebody in a Daily room who is no agent: joins by the room's address alone, from a browser of its own, with the
 * real daily-js. Says what it is told to say and notes whatever reaches it.
 */
import type { AudioFrame } from '../../audio/frame.ts';
import { SILENCE } from '../../audio/frame.ts';
import { FRAME_MS } from '../../audio/format.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { findChromium } from '../../providers/daily/find-chromium.ts';
import type { DailySeat, SeatListener } from '../../providers/daily/seat.ts';
import { DailySeats } from '../../providers/daily/seats.ts';
import { STAY_HOME } from './daily-call.ts';
import type { FakeDaily } from './fake-daily.ts';

export class Visitor {
  /** Who came and went, as lines. */
  readonly notes: string[] = [];
  readonly texts: string[] = [];
  readonly messages: { readonly from: string; readonly data: unknown }[] = [];
  readonly heard = new Set<string>();
  readonly #seats: DailySeats;
  #toSay: AudioFrame[] = [];
  #seat: DailySeat | undefined;
  #stopTicking = (): void => undefined;

  constructor(options: { readonly daily: FakeDaily; readonly profilesFolder: string }) {
    this.#seats = new DailySeats({
      wall,
      executable: findChromium({ env: process.env, platform: process.platform }),
      callMachineFolder: options.daily.callMachineFolder,
      hostRules: STAY_HOME,
      profilesFolder: options.profilesFolder,
    });
  }

  /** Starts its browser ahead of joining. */
  warmUp(): void {
    this.#seats.warmUp();
  }

  async join(url: string, userName: string): Promise<void> {
    this.#seat = await this.#seats.take({ url, token: null, userName, expiresAtSecs: null }, this.#listener);
    this.#stopTicking = wall.every(FRAME_MS, () => this.#seat?.speak((this.#toSay.shift() ?? SILENCE).samples));
  }

  get id(): string {
    return this.#seat?.self.id ?? '';
  }

  say(frames: readonly AudioFrame[]): void {
    this.#toSay.push(...frames);
  }

  async leave(): Promise<void> {
    this.#stopTicking();
    await this.#seat?.leave();
  }

  async close(): Promise<void> {
    await this.leave();
    await this.#seats.close();
  }

  readonly #listener: SeatListener = {
    peerJoined: ({ name }) => void this.notes.push(`${name} joined`),
    peerLeft: ({ name }, reason) => void this.notes.push(`${name} left: ${reason}`),
    frameArrived: ({ name }, samples) => {
      if (samples.some((sample) => Math.abs(sample) > 1_000)) this.heard.add(name);
    },
    appMessageArrived: ({ name }, data) => void this.messages.push({ from: name, data }),
    transcriptArrived: ({ text, final }) => void (final && this.texts.push(text)),
    transcriptionChanged: () => undefined,
    seatChanged: () => undefined,
    troubled: (text) => void this.notes.push(text),
    seatLost: (error) => void this.notes.push(error.message),
  };
}
