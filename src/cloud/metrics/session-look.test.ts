import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { FakePipecatCloud } from '../../testing/pipecat-cloud/fake-pipecat-cloud.ts';
import { cloudKeys } from '../api/keys.ts';
import { pipecatCloud } from '../api/pipecat-cloud.ts';
import { lookAtSessions, type SessionLook } from './session-look.ts';
import { sessionsText } from './sessions-text.ts';

const agent = 'two-voices';
const FIGURES = {
  session: { session_id: 'nora-1', agent_name: 'Nora', room_url: 'https://example.daily.co/room', goes_first: true },
  count: 2,
  aggregates: {
    ttfb: { avg: 410.25, p95: 500 },
    llm: { avg: 900, p95: 1000 },
    tts: { avg: null, p95: null },
    e2e: { avg: 1500.4, p95: 1800 },
    user_bot_latency: { avg: 1200, p95: 1300 },
  },
  kpis: {},
  timeseries: [{ turn_index: 0, input: 'Hello?', output: 'Hello Leo, this is Nora.', spoken_output: 'Hello Leo,', ttfb: 410.25, e2e_latency: null }],
};

let fake: FakePipecatCloud;
beforeEach(async () => {
  fake = await FakePipecatCloud.start();
  fake.agents.add(agent);
});
afterEach(() => fake.close());

const cloud = (): ReturnType<typeof pipecatCloud> => pipecatCloud({ wall, keys: cloudKeys(fake.env), timeouts: { proxyMs: 1_000 }, firstWaitMs: 5 });
const look = (session?: string): Promise<readonly SessionLook[]> => lookAtSessions({ cloud: cloud(), agent, session, signal: new AbortController().signal });
const start = async (): Promise<string> => (await cloud().sessions.start(agent, { body: {} })).sessionId;

test('a session that gives no figures, or no answer at all, spoils no other', async () => {
  const [first, second, third] = [await start(), await start(), await start()];
  const [good] = fake.standIns;
  if (good) good.figures = FIGURES;
  fake.prepare('say_nothing', new RegExp(`GET /public/.*${third}`));
  const looks = await look();
  const states = new Map(looks.map((one) => [one.session, one]));
  expect(states.get(first)).toMatchObject({ state: 'runs', figures: { count: 2, aggregates: { ttfb: { avg: 410.25 }, tts: {} } } });
  expect(states.get(second)).toEqual({ session: second, state: 'unknown', why: 'it answers with what is no figures' });
  expect(states.get(third)).toEqual({ session: third, state: 'unknown', why: `asking session ${third} was not answered within 1 s` });
});

test('one that is over is told as such, and none is told where none runs', async () => {
  const session = await start();
  await cloud().sessions.stop(agent, session);
  expect(await look(session)).toEqual([{ session, state: 'over' }]);
  const none = await look();
  expect(sessionsText(none, { agent, turns: false })).toBe('no session of two-voices runs\n');
});

test('figures stand in a table, and those of one session turn by turn', async () => {
  const session = await start();
  const [standIn] = fake.standIns;
  if (standIn) standIn.figures = FIGURES;
  const looks = (await look(session)).map((one) => ({ ...one, session: 'a-session' }));
  const silent: SessionLook = { session: 'b-session', state: 'unknown', why: 'it is somewhere else' };
  expect(sessionsText([...looks, silent, { session: 'c-session', state: 'over' }], { agent, turns: true })).toBe(
    [
      'SESSION    AGENT  TURNS  RESPONSE     E2E          TTFB       LLM         TTS',
      'a-session  Nora   2      1200 / 1300  1500 / 1800  410 / 500  900 / 1000  -',
      'b-session  ?',
      'c-session  over',
      "mean / 95th percentile in ms; RESPONSE: from the end of the peer's speech as its agent noticed it to its own first sound",
      'b-session: it is somewhere else',
      '',
      'TURN  E2E  TTFB  HEARD   SAID',
      '1     -    410   Hello?  Hello Leo,',
      '',
    ].join('\n'),
  );
});
