import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { FakePipecatCloud } from '../../testing/pipecat-cloud/fake-pipecat-cloud.ts';
import { StandInSession } from '../../testing/pipecat-cloud/session-process.ts';
import { cloudKeys } from '../api/keys.ts';
import { pipecatCloud } from '../api/pipecat-cloud.ts';
import type { SessionBody } from '../session-body.ts';
import { SessionPair } from './session-pair.ts';

const AGENT = 'two-voices';
const ROOM = 'https://example.daily.co/ours';
const NEVER = new AbortController().signal;

let fake: FakePipecatCloud;
beforeEach(async () => {
  // Whoever runs in a room says so.
  const launch = async (): Promise<StandInSession> => {
    const session = await StandInSession.start();
    session.figures = { session: { room_url: ROOM } };
    return session;
  };
  fake = await FakePipecatCloud.start({ launch });
  fake.agents.add(AGENT, { image: 'registry.example/two:1', autoScaling: { maxAgents: 2 } });
});
afterEach(() => fake.close());

function pair(startMs = 10_000): SessionPair {
  const cloud = pipecatCloud({ wall, keys: cloudKeys(fake.env), timeouts: { startMs }, firstWaitMs: 5 });
  return new SessionPair({ wall, cloud, agent: AGENT });
}

const bodies = ['Ada', 'Bob'].map((name) => ({ room_url: ROOM, token: 'planted-token', name }) as SessionBody);
const active = (): number => fake.sessions.activeOf(AGENT).length;

test('both sessions are started and both are stopped', async () => {
  const sessions = pair();
  await sessions.start(bodies, NEVER);
  expect(active()).toBe(2);
  expect(await sessions.endOf('Ada', NEVER)).toBeUndefined();
  expect(await sessions.stop()).toEqual([]);
  expect(active()).toBe(0);
  expect(await sessions.endOf('Ada', NEVER)).toBe('the session of Ada ended (HTTP_COMPLETED); `bottalk logs` may say why');
});

test.each([
  [429, { message: 'agent at capacity', code: '429' }, 'every instance of two-voices is in use; stop a session, or deploy it with more --max-agents (429)'],
  [402, { code: 'SPEND_LIMIT_REACHED' }, "the account's spend limit is reached; raise it in Pipecat Cloud's dashboard (402 SPEND_LIMIT_REACHED)"],
  [413, { code: '413' }, 'starting a session of two-voices was refused: it is larger than Pipecat Cloud takes (413)'],
  [400, { code: 'PCC-1001' }, 'the agent has no version that is ready; `bottalk status` says why (400 PCC-1001)'],
])('one start refused with %i stops the other', async (status, body, message) => {
  fake.prepare({ status, body }, /start/);
  const sessions = pair();
  await expect(sessions.start(bodies, NEVER)).rejects.toThrow(message);
  expect(await sessions.stop()).toEqual([]);
  expect(active()).toBe(0);
  // This description knows of no other refusals than two.
  fake.violations.length = 0;
});

test('a start that was given up and made a session all the same is found by its room, and nobody else is stopped', async () => {
  const late = Promise.withResolvers<void>();
  fake.sessions.startsAfter = late.promise;
  const sessions = pair(50);
  await expect(sessions.start(bodies, NEVER)).rejects.toThrow('was not answered within 0.05 s');
  late.resolve();
  while (active() < 2) await wall.sleep(5);
  expect(await sessions.stop()).toEqual([]);
  expect(active()).toBe(0);
});

test('sessions of others go on', async () => {
  fake.agents.add(AGENT, { image: 'registry.example/two:1', autoScaling: { maxAgents: 4 } });
  const others = pair();
  await others.start([{ ...bodies[0], name: 'Eve' } as SessionBody], NEVER);
  const sessions = pair();
  await sessions.start(bodies, NEVER);
  await sessions.stop();
  expect(active()).toBe(1);
  await others.stop();
});

test('what could not be stopped is told, without a key and without a token', async () => {
  const sessions = pair();
  await sessions.start(bodies, NEVER);
  for (let i = 0; i < 4; i++) fake.prepare({ status: 401, body: { code: 'UNAUTHORIZED' } }, /DELETE/);
  const left = await sessions.stop();
  expect(left).toHaveLength(2);
  expect(left[0]).toMatch(/^the session of Ada could not be stopped: the private key was refused/);
  expect(left.join()).not.toMatch(/planted/);
});
