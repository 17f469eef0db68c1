/** Forbids this process every connection while something runs, so that whatever makes one all the same fails loudly. */
import { Socket as DatagramSocket } from 'node:dgram';
import { Server, Socket } from 'node:net';

export async function withoutNetwork<T>(work: () => Promise<T>): Promise<T> {
  const attempts: string[] = [];
  const forbid = (what: string) =>
    function forbidden(): never {
      attempts.push(what);
      throw new Error(`${what} is forbidden here`);
    };
  const kept = { connect: Socket.prototype.connect, listen: Server.prototype.listen, send: DatagramSocket.prototype.send, bind: DatagramSocket.prototype.bind };
  Socket.prototype.connect = forbid('a connection');
  Server.prototype.listen = forbid('a server');
  DatagramSocket.prototype.send = forbid('a datagram');
  DatagramSocket.prototype.bind = forbid('a datagram socket');
  try {
    const result = await work();
    if (attempts.length > 0) throw new Error(`the network was tried: ${attempts.join(', ')}`);
    return result;
  } finally {
    Socket.prototype.connect = kept.connect;
    Server.prototype.listen = kept.listen;
    DatagramSocket.prototype.send = kept.send;
    DatagramSocket.prototype.bind = kept.bind;
  }
}
