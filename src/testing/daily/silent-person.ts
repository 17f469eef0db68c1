/**
 * Somebody in a room of the stand-in for Daily who needs no browser: is seen by the others, notes their app messages,
 * and neither hears nor says anything.
 */
import { WebSocket } from 'ws';
import type { FakeDaily } from './fake-daily.ts';
import type { FromServer, ToServer } from './signals.ts';

export class SilentPerson {
  readonly messages: unknown[] = [];
  readonly #socket: WebSocket;

  /** Resolves when it is in the room. */
  static async join(daily: FakeDaily, { url, name }: { readonly url: string; readonly name: string }): Promise<SilentPerson> {
    const socket = new WebSocket(daily.callMachineFolder.replace(/^http(.*)\/call-machine$/, 'ws$1/'));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const person = new SilentPerson(socket);
    const welcome = new Promise((resolve) => socket.once('message', resolve));
    const wish: ToServer = { kind: 'join', url, token: null, userName: name, audible: false };
    socket.send(JSON.stringify(wish));
    await welcome;
    return person;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const signal = JSON.parse(data.toString()) as FromServer;
      if (signal.kind === 'app_message') this.messages.push(signal.data);
    });
  }

  leave(): void {
    this.#socket.close();
  }
}
