/** Forbids this process every connection while something runs, so that whatever makes one all the same fails loudly. */
import { Socket as DatagramSocket } from 'node:dgram';
import { Server, Socket } from 'node:net';

const WAYS_OUT = [
  [Socket.prototype, 'connect'],
  [Server.prototype, 'listen'],
  [DatagramSocket.prototype, 'send'],
  [DatagramSocket.prototype, 'bind'],
] as const;

export async function withoutNetwork<T>(work: () => Promise<T>): Promise<T> {
  const attempts: string[] = [];
  const kept = WAYS_OUT.map(([of, name]) => [of, name, Reflect.get(of, name) as unknown] as const);
  for (const [of, name] of WAYS_OUT) {
    Reflect.set(of, name, () => {
      attempts.push(name);
      throw new Error(`the network is forbidden here: ${name}`);
    });
  }
  try {
    const result = await work();
    if (attempts.length > 0) throw new Error(`the network was tried: ${attempts.join(', ')}`);
    return result;
  } finally {
    for (const [of, name, method] of kept) Reflect.set(of, name, method);
  }
}
