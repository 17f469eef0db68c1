import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chatAddress } from './chat-address.ts';
import { openClient } from './client.ts';

const server = createServer((_request, response) => response.end('{"object":"list","data":[]}'));
/** As OpenAI, it does not say how long it keeps connections. */
server.keepAliveTimeout = 0;
const sockets: Socket[] = [];
server.on('connection', (socket: Socket) => sockets.push(socket));

beforeEach(async () => {
  sockets.length = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const address = () => chatAddress({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` });

describe('a connection', () => {
  test('is used again for a request that comes later', async () => {
    const client = openClient({ address: address(), apiKey: undefined });
    for (let n = 0; n < 5; n++) await client.models.list();
    // A request that follows at once may find the first one not put back yet.
    expect(sockets.length).toBeLessThanOrEqual(2);
  });

  test('is given up when nothing was asked for as long as was said', async () => {
    const client = openClient({ address: address(), apiKey: undefined, idleMs: 1 });
    await client.models.list();
    const [first] = sockets;
    if (first?.closed === false) await once(first, 'close');
    await client.models.list();
    expect(sockets.length).toBe(2);
  });
});
