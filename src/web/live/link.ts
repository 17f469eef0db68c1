/**
 * The page's end of the socket /live. Connects again when it is cut, soon at first and then every few seconds, for as
 * long as the page is open; a server that comes back tells everything from the start of its run.
 */
import type { WallClock } from '../../clock/wall-clock.ts';
import type { PageMessage, ServerMessage } from '../parts/live-messages.ts';
import { decodeLiveSound, type LiveSound } from '../parts/live-sound.ts';

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 3_000;

export type LinkOptions = {
  readonly wall: WallClock;
  readonly url: string;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onSound: (sound: LiveSound) => void;
  readonly onLost: () => void;
};

export class Link {
  readonly #options: LinkOptions;
  #socket: WebSocket | undefined;
  #retryInMs = FIRST_RETRY_MS;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Says it if anybody listens; what cannot be said now is not worth saying later. */
  send(message: PageMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #connect(): void {
    const { wall, url, onMessage, onSound, onLost } = this.#options;
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') {
        this.#retryInMs = FIRST_RETRY_MS;
        onMessage(JSON.parse(data) as ServerMessage);
        return;
      }
      const sound = decodeLiveSound(data);
      if (sound) onSound(sound);
    });
    socket.addEventListener('close', () => {
      onLost();
      wall.after(this.#retryInMs, () => this.#connect());
      this.#retryInMs = Math.min(LONGEST_RETRY_MS, this.#retryInMs * 2);
    });
    this.#socket = socket;
  }
}
