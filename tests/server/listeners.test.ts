/** Many who listen at once, some of them badly: the call does not notice, and the server keeps little for them. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DevServerBench } from '../../src/testing/dev-server-bench.ts';

/** Asks for a socket by hand, and then takes nothing more and never hangs up, however it is answered. */
function openSocket(port: number, host = 'localhost', path = '/live'): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
    });
    socket.once('error', reject);
    socket.once('data', () => {
      socket.pause();
      resolve(() => socket.destroy());
    });
  });
}

test('fifty who listen, one of whom reads nothing, change nothing of the call, and each is told all of it', async () => {
  const bench = await DevServerBench.open();
  const eventsOf = (id: string): string => readFileSync(join(bench.runsFolder, id, 'events.jsonl'), 'utf8');
  const watching = bench.connect('/live');
  const alone = await bench.start();
  await watching.until('ended', ({ run }) => run === alone.number);

  const hangUp = await openSocket(bench.port);
  const listeners = Array.from({ length: 49 }, (_, i) => bench.connect(i % 5 === 0 ? '/ws' : '/live'));
  await Promise.all(listeners.map(({ opened }) => opened));
  const crowded = await bench.start();
  const pages = listeners.filter((_, i) => i % 5 !== 0);
  await Promise.all(pages.map((page) => page.until('ended', ({ run }) => run === crowded.number)));

  expect(eventsOf(crowded.id)).toBe(eventsOf(alone.id));
  for (const page of pages) {
    const told = page.messages.flatMap((message) => (message.kind === 'event' && message.run === crowded.number ? [`${JSON.stringify(message.event)}\n`] : []));
    expect(told.join('')).toBe(eventsOf(crowded.id));
    expect(page.sounds.filter(({ run }) => run === crowded.number)).toHaveLength(watching.sounds.filter(({ run }) => run === crowded.number).length);
  }
  hangUp();
  await bench.close();
});

test('nobody who holds on to a connection keeps the server from ending', async () => {
  const bench = await DevServerBench.open();
  const hangUps = [await openSocket(bench.port), await openSocket(bench.port, 'evil.example'), await openSocket(bench.port, 'localhost', '/nothing')];
  await expect(bench.close()).resolves.toBeUndefined();
  for (const hangUp of hangUps) hangUp();
});
