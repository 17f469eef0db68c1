/** Stands in for the page in Chromium: speaks its protocol over a real socket and does what a test tells it. */
import { WebSocket } from 'ws';
import type { FromPage, PageFault, PageOrder, ToPage } from '../../providers/daily/page-messages.ts';

/** What an order comes to: null means that it was done. */
export type Outcome = PageFault | null | 'no answer';

export type Script = { readonly onCrashed: () => void; readonly obey: (order: PageOrder, page: ScriptedPage) => Outcome };

export class ScriptedPage {
  readonly orders: PageOrder[] = [];
  /** Frames of the agent's voice that arrived. */
  readonly heard: Int16Array[] = [];
  isClosed = false;
  readonly #socket: WebSocket;
  readonly #crash: () => void;

  static async open(url: string, { onCrashed, obey }: Script): Promise<ScriptedPage> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}link`, { origin: new URL(url).origin });
    const page = new ScriptedPage(socket, onCrashed);
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) return void page.heard.push(new Int16Array(Uint8Array.from(data).buffer));
      const { id, order } = JSON.parse(data.toString()) as ToPage;
      page.orders.push(order);
      const fault = obey(order, page);
      if (fault !== 'no answer') page.tell({ kind: 'done', id, fault });
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    page.tell({ kind: 'loaded' });
    return page;
  }

  private constructor(socket: WebSocket, crash: () => void) {
    this.#socket = socket;
    this.#crash = crash;
  }

  tell(message: FromPage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Sends a frame of a track that was announced. */
  play(track: number, samples: Int16Array): void {
    const packet = Buffer.alloc(4 + samples.byteLength);
    packet.writeUInt32LE(track, 0);
    packet.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 4);
    this.#socket.send(packet);
  }

  crash(): void {
    this.#crash();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.#socket.terminate();
  }
}
