/** A room of the stand-in for Daily: who is in it, what they say to each other, and how it throws them out. */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { FromServer, Person, ReceivedSound, ToServer } from './signals.ts';

export type RoomProperties = { readonly exp?: number; readonly eject_at_room_exp?: boolean };
export type TokenProperties = {
  readonly room_name?: string;
  readonly user_name?: string;
  readonly exp?: number;
  readonly is_owner?: boolean;
  readonly permissions?: { readonly hasPresence?: boolean };
};

export type HeardWords = {
  readonly participantId: string;
  readonly text: string;
  readonly final: boolean;
  readonly startSecs: number;
  readonly durationSecs: number;
};

type Seat = { person: Person; readonly socket: WebSocket; received?: ReceivedSound };

export class FakeRoom {
  readonly name: string;
  readonly url: string;
  readonly properties: RoomProperties;
  /** The options of the transcription that is running. */
  transcription: Readonly<Record<string, unknown>> | undefined;
  readonly #wall: WallClock;
  readonly #seats = new Map<string, Seat>();
  #endExpiry = (): void => undefined;

  constructor(options: { readonly name: string; readonly properties: RoomProperties; readonly wall: WallClock }) {
    this.name = options.name;
    this.url = `https://bottalk-test.daily.co/${options.name}`;
    this.properties = options.properties;
    this.#wall = options.wall;
    const { exp, eject_at_room_exp } = options.properties;
    if (exp === undefined || !eject_at_room_exp) return;
    const leftMs = Math.max(0, exp * 1000 - options.wall.epochMs());
    this.#endExpiry = options.wall.after(leftMs, () => this.throwOut({ type: 'ejected', msg: 'Meeting has ended' }));
  }

  /** Of those whom everybody sees. */
  get names(): string[] {
    return this.#present.map(({ user_name: name }) => name);
  }

  get hiddenNames(): string[] {
    return [...this.#seats.values()].flatMap(({ person }) => (person.hidden ? [person.user_name] : []));
  }

  /** The session of somebody who is in the room now. */
  idOf(name: string): string {
    const seat = [...this.#seats.values()].find(({ person }) => person.user_name === name);
    if (!seat) throw new Error(`${name} is not in ${this.name}`);
    return seat.person.session_id;
  }

  /** Takes somebody in; what they signal is handled from then on. */
  admit(socket: WebSocket, wish: Extract<ToServer, { kind: 'join' }>, token: TokenProperties): void {
    const person: Person = {
      session_id: randomUUID(),
      user_name: token.user_name ?? wish.userName ?? '',
      owner: token.is_owner ?? false,
      joinedAtMs: this.#wall.epochMs(),
      audible: wish.audible,
      hidden: token.permissions?.hasPresence === false,
    };
    tell(socket, { kind: 'welcome', self: person, others: this.#present });
    if (!person.hidden) this.tellAll({ kind: 'joined', person });
    const seat: Seat = { person, socket };
    this.#seats.set(person.session_id, seat);
    socket.on('message', (data: Buffer) => this.#hear(seat, JSON.parse(data.toString()) as ToServer));
    socket.on('close', () => this.#remove(seat));
  }

  tellAll(signal: FromServer, except?: Seat): void {
    for (const seat of this.#seats.values()) if (seat !== except) tell(seat.socket, signal);
  }

  /** From the REST interface or from a participant. */
  appMessage({ from, to, data }: { readonly from: string; readonly to: string; readonly data: unknown }): void {
    for (const { person, socket } of this.#seats.values()) {
      if (person.session_id !== from && (to === '*' || to === person.session_id)) tell(socket, { kind: 'app_message', from, data });
    }
  }

  startTranscription(options: Readonly<Record<string, unknown>>): void {
    this.transcription = options;
    const { language, model } = options;
    this.tellAll({ kind: 'transcription', event: { action: 'transcription-started', instanceId: randomUUID(), language, model, startedBy: 'rest-api' } });
  }

  failTranscription(errorMsg: string): void {
    this.tellAll({ kind: 'transcription', event: { action: 'transcription-error', errorMsg } });
  }

  /** What the service heard somebody say, with Deepgram's raw response; everybody gets it. */
  transcribe({ participantId, text, final, startSecs, durationSecs }: HeardWords): void {
    const rawResponse = {
      is_final: final,
      speech_final: final,
      start: startSecs,
      duration: durationSecs,
      channel: { alternatives: [{ transcript: text, confidence: 0.99, words: [] }] },
    };
    const timestamp = new Date(this.#wall.epochMs()).toISOString();
    this.tellAll({ kind: 'transcription', event: { action: 'transcription-message', participantId, text, timestamp, trackType: 'cam-audio', rawResponse } });
  }

  /** What somebody has received of all others by the last time that this was asked. The next answer is on its way then. */
  receivedBy(name: string): ReceivedSound | undefined {
    const seat = this.#seats.get(this.idOf(name));
    if (seat) tell(seat.socket, { kind: 'received_wanted' });
    return seat?.received;
  }

  /** Breaks somebody's connection as a network would; the room sees them leave. */
  cutOff(name: string): void {
    this.#seats.get(this.idOf(name))?.socket.terminate();
  }

  /** Ends the call for everybody, or for one. */
  throwOut(fault: { readonly type: string; readonly msg: string }, name?: string): void {
    for (const { person, socket } of this.#seats.values()) {
      if (name === undefined || person.user_name === name) tell(socket, { kind: 'thrown_out', fault });
    }
  }

  close(): void {
    this.#endExpiry();
    this.throwOut({ type: 'no-room', msg: 'Meeting has ended' });
  }

  get #present(): Person[] {
    return [...this.#seats.values()].map(({ person }) => person).filter(({ hidden }) => !hidden);
  }

  #hear(seat: Seat, signal: ToServer): void {
    const { session_id: from } = seat.person;
    switch (signal.kind) {
      case 'leave':
        return this.#remove(seat);
      case 'audible':
        seat.person = { ...seat.person, audible: signal.on };
        return seat.person.hidden ? undefined : this.tellAll({ kind: 'changed', person: seat.person }, seat);
      case 'start_transcription':
        if (seat.person.owner) return this.startTranscription(signal.options);
        return tell(seat.socket, { kind: 'transcription', event: { action: 'transcription-error', errorMsg: 'only owners may start it' } });
      case 'received':
        seat.received = signal.sound;
        return;
      case 'app_message':
        return this.appMessage({ from, to: signal.to, data: signal.data });
      case 'description':
      case 'candidate': {
        const { to, ...rest } = signal;
        const other = this.#seats.get(to);
        if (other) tell(other.socket, { ...rest, from });
        return;
      }
      case 'join':
        return;
    }
  }

  #remove({ person }: Seat): void {
    if (this.#seats.delete(person.session_id) && !person.hidden) this.tellAll({ kind: 'left', id: person.session_id });
  }
}

export function tell(socket: WebSocket, signal: FromServer): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(signal));
}
