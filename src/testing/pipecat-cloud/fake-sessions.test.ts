import { afterEach, expect, test } from 'vitest';
import { FakePipecatCloud } from './fake-pipecat-cloud.ts';
import { launchNode } from './session-process.ts';

let fake: FakePipecatCloud;
afterEach(() => fake.close());

/** A process that holds /bot until it is hung up on, tells its figures, and leaves at SIGTERM or does not. */
const entry = (stubborn: boolean): string => `
  const { createServer } = require('node:http');
  process.on('SIGTERM', () => { console.log('asked to leave'); ${stubborn ? '' : 'process.exit(0);'} });
  const server = createServer((request, response) => {
    if (request.url === '/bot') return void response.on('close', () => console.error('hung up on'));
    if (request.url === '/end') process.exit(1);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ path: request.url, key: process.env.A_KEY }));
  });
  // Later than whoever asks for it.
  setImmediate(() => server.listen(Number(process.env.PORT), '127.0.0.1'));
`;

async function begin({ stubborn = false, maxSessionDuration = 900 } = {}): Promise<string> {
  fake = await FakePipecatCloud.start({ launch: launchNode(['-e', entry(stubborn)]), leavingMs: stubborn ? 20 : 60_000 });
  fake.secrets.add('sales-keys', { A_KEY: 'of-the-set' });
  fake.agents.add('sales', { image: 'i:1', secretSet: 'sales-keys', maxSessionDuration });
  const response = await fetch(`${fake.url}/public/sales/start`, asked('POST', fake.publicKey, '{}'));
  return ((await response.json()) as { sessionId: string }).sessionId;
}

const asked = (method: string, key: string, body?: string): RequestInit => ({
  method,
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  ...(body === undefined ? {} : { body }),
});

test('a session is a process of its own, asked once it listens, with the secrets of its agent', async () => {
  const id = await begin();
  const response = await fetch(`${fake.url}/public/sales/sessions/${id}/metrics/summary`, asked('GET', fake.publicKey));
  expect(await response.json()).toEqual({ path: '/metrics/summary', key: 'of-the-set' });
  expect(fake.sessions.activeOf('sales')).toHaveLength(1);
});

test.each([false, true])('is stopped by hanging up, then by SIGTERM, then by SIGKILL (stubborn: %s)', async (stubborn) => {
  const id = await begin({ stubborn });
  await fetch(`${fake.url}/public/sales/sessions/${id}/metrics`, asked('GET', fake.publicKey));
  const response = await fetch(`${fake.url}/agents/sales/sessions/${id}`, asked('DELETE', fake.privateKey));
  expect(await response.json()).toEqual({ status: 'OK', session_id: id });
  expect(fake.sessions.all.get(id)).toMatchObject({ completionStatus: 'HTTP_COMPLETED', endedIso: expect.any(String) as string });
});

test('what its process says stands in the log of its agent', async () => {
  const id = await begin();
  await fetch(`${fake.url}/public/sales/sessions/${id}/metrics`, asked('GET', fake.publicKey));
  await fetch(`${fake.url}/agents/sales/sessions/${id}`, asked('DELETE', fake.privateKey));
  expect(fake.agents.all.get('sales')?.lines.map(({ log, sessionId }) => [log, sessionId])).toContainEqual(['asked to leave', id]);
});

test('one that ends by itself without an answer is told as failed', async () => {
  const id = await begin();
  await fetch(`${fake.url}/public/sales/sessions/${id}/end`, asked('GET', fake.publicKey));
  await fake.sessions.all.get(id)?.gone;
  expect(fake.sessions.all.get(id)).toMatchObject({ completionStatus: 'HTTP_ERROR' });
});
