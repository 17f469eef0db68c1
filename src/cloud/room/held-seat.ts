/**
 * A seat in a Daily room that is taken before the call begins, by whoever only listens: what happens at it is told to
 * whoever waits for the agents from the start, and to the room's own record from when that asks for the seat.
 */
import { invariant } from '../../base/errors.ts';
import type { DailySeat, SeatListener, SeatRequest } from '../../providers/daily/seat.ts';
import type { SeatSource } from '../../providers/daily/transport.ts';

/** Who watches from the start; an app message that it takes is nobody else's. */
export type SeatWatcher = Pick<SeatListener, 'peerJoined' | 'peerLeft' | 'seatLost'> & {
  appMessageArrived(...given: Parameters<SeatListener['appMessageArrived']>): boolean;
};

export class HeldSeat implements SeatSource {
  readonly #seats: SeatSource;
  readonly #watcher: SeatWatcher;
  #news: ((listener: SeatListener) => void)[] = [];
  #listener: SeatListener | undefined;
  #seat: DailySeat | undefined;
  #isTranscribed = false;

  constructor(seats: SeatSource, watcher: SeatWatcher) {
    this.#seats = seats;
    this.#watcher = watcher;
  }

  /** Whether the room has said that its transcription has begun. */
  get isTranscribed(): boolean {
    return this.#isTranscribed;
  }

  /** Rejects with a ProviderError when Daily refuses. */
  async sit(request: SeatRequest): Promise<void> {
    const watcher = this.#watcher;
    this.#seat = await this.#seats.take(request, {
      peerJoined: (...given) => (watcher.peerJoined(...given), this.#tell((listener) => listener.peerJoined(...given))),
      peerLeft: (...given) => (this.#tell((listener) => listener.peerLeft(...given)), watcher.peerLeft(...given)),
      // Sound from before the call belongs to no call.
      frameArrived: (...given) => this.#listener?.frameArrived(...given),
      appMessageArrived: (...given) => (watcher.appMessageArrived(...given) ? undefined : this.#tell((listener) => listener.appMessageArrived(...given))),
      transcriptArrived: (...given) => this.#tell((listener) => listener.transcriptArrived(...given)),
      transcriptionChanged: (...given) => {
        this.#isTranscribed = given[0] === 'started';
        this.#tell((listener) => listener.transcriptionChanged(...given));
      },
      seatChanged: (...given) => this.#tell((listener) => listener.seatChanged(...given)),
      troubled: (...given) => this.#tell((listener) => listener.troubled(...given)),
      seatLost: (...given) => (watcher.seatLost(...given), this.#tell((listener) => listener.seatLost(...given))),
    });
  }

  async take(_: SeatRequest, listener: SeatListener): Promise<DailySeat> {
    invariant(this.#seat, 'the seat is held before it is asked for');
    this.#listener = listener;
    for (const news of this.#news.splice(0)) news(listener);
    return this.#seat;
  }

  async close(): Promise<void> {
    await this.#seat?.leave();
    await this.#seats.close();
  }

  #tell(news: (listener: SeatListener) => void): void {
    if (this.#listener) news(this.#listener);
    else this.#news.push(news);
  }
}
