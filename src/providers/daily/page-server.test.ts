import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { PageServer } from './page-server.ts';

let server: PageServer;
beforeEach(async () => {
  server = await PageServer.start();
});
afterEach(() => server.close());

test('the page, its modules and daily-js are served, without types, and nothing else of this machine', async () => {
  const { url } = server.expectPage(() => undefined);
  expect(await (await fetch(url)).text()).toContain('src/providers/daily/page/page.ts');
  const module = await (await fetch(`${url}src/providers/daily/page/page.ts`)).text();
  expect(module).toContain("from '@daily-co/daily-js'");
  expect(module).not.toContain(': PageOrder');
  expect((await (await fetch(`${url}daily.js`)).text()).length).toBeGreaterThan(200_000);
  const others = ['src/providers/daily/rest.ts', '../package.json', '%2e%2e/package.json', 'src/../package.json', 'nothing'];
  const answers = await Promise.all(others.map((path) => fetch(`${url}${path}`)));
  expect(answers.map(({ status }) => status)).toEqual(others.map(() => 404));
});

test('every module that the page imports, and its worker with all that it imports, is served', async () => {
  const { url } = server.expectPage(() => undefined);
  const found = new Set([`${url}src/providers/daily/page/page.ts`]);
  for (const address of found) {
    const response = await fetch(address);
    expect({ address, status: response.status }).toEqual({ address, status: 200 });
    for (const [, path] of (await response.text()).matchAll(/(?:from |new URL\()'(\.[^']+)'/g)) found.add(new URL(path ?? '', address).href);
  }
  expect(found.size).toBeGreaterThan(5);
});

test('who does not know the address, or comes by another name, is turned away', async () => {
  const expected = server.expectPage(() => undefined);
  const { port, origin } = new URL(expected.url);
  expect((await fetch(`${origin}/`)).status).toBe(404);
  expect((await fetch(`${origin}/${'0'.repeat(32)}/`)).status).toBe(404);
  expect(await statusAs('evil.example', Number(port), new URL(expected.url).pathname)).toBe(404);
  expect(await statusAs(`127.0.0.1:${port}`, Number(port), new URL(expected.url).pathname)).toBe(200);
  expected.forget();
  expect((await fetch(expected.url)).status).toBe(404);
});

test('a socket is for one page: from its own origin, at its own address, once', async () => {
  const connected: unknown[] = [];
  const { url } = server.expectPage((socket) => connected.push(socket));
  const { origin } = new URL(url);
  expect(await connects(url, 'http://evil.example')).toBe(false);
  expect(await connects(`${origin}/${'0'.repeat(32)}/`, origin)).toBe(false);
  expect(connected).toEqual([]);
  expect(await connects(url, origin)).toBe(true);
  expect(await connects(url, origin), 'a second one is dropped at once').toBe(false);
  expect(connected).toHaveLength(1);
});

function statusAs(host: string, port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

/** Whether the socket opens, and is still open when an answer to a ping could have come. */
function connects(url: string, origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}link`, { origin });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.on('open', () => socket.ping());
    socket.on('pong', () => resolve(true));
  });
}
