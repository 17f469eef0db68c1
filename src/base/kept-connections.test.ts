import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { loadClient } from '../providers/elevenlabs/client.ts';
import { chatAddress } from '../providers/openai/chat-address.ts';
import { openClient } from '../providers/openai/client.ts';

const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end('{"object":"list","data":[],"voices":[],"has_more":false,"total_count":0}'));
/** As the world's servers, it does not say how long it keeps connections. */
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

type Ask = () => Promise<unknown>;
type Idle = { readonly idleMs?: number };
const baseUrl = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function openAi(idle: Idle): Promise<Ask> {
  const client = openClient({ address: chatAddress({ baseUrl: `${baseUrl()}/v1` }), apiKey: undefined, ...idle });
  return async () => client.models.list();
}

async function elevenLabs(idle: Idle): Promise<Ask> {
  const client = await loadClient({ wall, apiKey: 'a-key', baseUrl: baseUrl(), ...idle });
  return () => client.voices.search();
}

describe.each([
  ['OpenAI', openAi],
  ['ElevenLabs', elevenLabs],
])('a connection to %s', (_, open) => {
  test('is used again for a request that comes later', async () => {
    const ask = await open({});
    for (let n = 0; n < 5; n++) await ask();
    // A request that follows at once may find the first one not put back yet.
    expect(sockets.length).toBeLessThanOrEqual(2);
  });

  test('is given up when nothing was asked for as long as was said', async () => {
    const ask = await open({ idleMs: 1 });
    await ask();
    const [first] = sockets;
    if (first?.closed === false) await once(first, 'close');
    await ask();
    expect(sockets.length).toBe(2);
  });
});
