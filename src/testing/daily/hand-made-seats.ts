/** Seats of a Daily call without Daily: a test says what happens at them, and sees what was sent from them. */
import type { Participant } from '../../room/room.ts';
import type { DailySeat, SeatListener, SeatRequest } from '../../providers/daily/seat.ts';
import type { SeatSource } from '../../providers/daily/transport.ts';

export type HandMadeSeat = DailySeat & {
  self: Participant;
  readonly request: SeatRequest;
  readonly listener: SeatListener;
  readonly spoken: Int16Array[];
  readonly sent: { readonly data: unknown; readonly to: string | undefined }[];
  hasLeft: boolean;
};

export class HandMadeSeats implements SeatSource {
  readonly seats: HandMadeSeat[] = [];
  isClosed = false;
  /** While this is set, a seat is taken only when it resolves. */
  queue: Promise<void> = Promise.resolve();
  /** Happens while the next seat is being taken. */
  whileTaking: (seat: HandMadeSeat) => void = () => undefined;
  /** What a message that cannot be sent ends in. */
  sendError: Error | undefined;

  async take(request: SeatRequest, listener: SeatListener): Promise<DailySeat> {
    const seat: HandMadeSeat = {
      self: { id: `${request.userName.toLowerCase()}-id`, name: request.userName },
      request,
      listener,
      spoken: [],
      sent: [],
      hasLeft: false,
      speak: (samples) => void seat.spoken.push(samples),
      sendAppMessage: async (data, to) => {
        if (this.sendError) throw this.sendError;
        seat.sent.push({ data, to });
      },
      leave: async () => {
        seat.hasLeft = true;
      },
    };
    this.seats.push(seat);
    this.whileTaking(seat);
    await this.queue;
    return seat;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
