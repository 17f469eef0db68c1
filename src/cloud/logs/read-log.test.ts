import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { FakePipecatCloud } from '../../testing/pipecat-cloud/fake-pipecat-cloud.ts';
import { cloudKeys } from '../api/keys.ts';
import { pipecatCloud, type PipecatCloud } from '../api/pipecat-cloud.ts';
import { followLog, newestLines } from './read-log.ts';

let fake: FakePipecatCloud;
let cloud: PipecatCloud;
beforeEach(async () => {
  fake = await FakePipecatCloud.start();
  fake.agents.add('sales');
  cloud = pipecatCloud({ wall, keys: cloudKeys(fake.env), firstWaitMs: 1 });
});
afterEach(() => fake.close());

const BEGAN_MS = Date.UTC(2026, 0, 5, 9);
const write = (log: string, atMs: number): void => fake.agents.log('sales', log, { atMs: BEGAN_MS + atMs });
const stop = (): AbortSignal => new AbortController().signal;

type Followed = { readonly polls: readonly string[][]; readonly trouble: readonly string[] };

/** Follows through as many polls as there are steps, each of which changes the log first; gives what was told, poll by poll. */
async function follow(steps: readonly (() => void)[], { limit = 100, sinceMs }: { limit?: number; sinceMs?: number } = {}): Promise<Followed> {
  const end = new AbortController();
  const trouble: string[] = [];
  const wish = { agent: 'sales', sinceMs };
  const known = await newestLines(cloud, wish, limit, stop());
  const polls = [known.map(({ log }) => log)];
  let step = 0;
  // Waiting is what ends one poll and begins the next.
  const paced = {
    ...wall,
    sleep: async (): Promise<void> => {
      const next = steps[step++];
      if (!next) return end.abort();
      next();
    },
  };
  await followLog(wish, known, {
    cloud,
    wall: paced,
    signal: end.signal,
    onLines: (lines) => polls.push(lines.map(({ log }) => log)),
    onTrouble: (line) => trouble.push(line),
  });
  return { polls, trouble };
}

test('the newest lines come with the oldest first, however many pages they take', async () => {
  for (let i = 0; i < 250; i++) write(`line ${i}`, i);
  const lines = await newestLines(cloud, { agent: 'sales' }, 230, stop());
  expect(lines.map(({ log }) => log)).toEqual(Array.from({ length: 230 }, (_, i) => `line ${i + 20}`));
  expect(await newestLines(cloud, { agent: 'sales', sinceMs: BEGAN_MS + 248 }, 100, stop())).toHaveLength(2);
});

test('who follows gets each line once: those of one instant, equal ones, and pages of them', async () => {
  write('before', 0);
  const { polls } = await follow([
    () => [write('same', 1000), write('same', 1000), write('other', 1000)],
    () => write('same', 1000),
    () => Array.from({ length: 150 }, (_, i) => write(`many ${i}`, 2000 + (i >> 3))),
    () => undefined,
  ]);
  expect(polls.map((lines) => lines.length)).toEqual([1, 3, 1, 150]);
  expect(polls[1]).toEqual(['same', 'same', 'other']);
  expect(polls[2]).toEqual(['same']);
  expect(polls[3]).toEqual(Array.from({ length: 150 }, (_, i) => `many ${i}`));
});

test('a line that comes late behind younger ones is told, one that was there before the first is not', async () => {
  for (let i = 0; i < 10; i++) write(`old ${i}`, i * 1000);
  const { polls } = await follow([() => write('young', 20_000), () => write('late', 12_000), () => write('last', 60_000)], { limit: 3 });
  expect(polls).toEqual([['old 7', 'old 8', 'old 9'], ['young'], ['late'], ['last']]);
});

test('a log that grows at its old end between two pages neither loses nor doubles a line', async () => {
  write('before', 0);
  let looks = 0;
  const { agents } = cloud;
  cloud = {
    ...cloud,
    agents: {
      ...agents,
      logs: async (...asked) => {
        const page = await agents.logs(...asked);
        if (asked[1]?.order === 'asc' && page.logs.length > 50 && looks++ === 0) write('late', 1);
        return page;
      },
    },
  };
  const { polls } = await follow([() => Array.from({ length: 100 }, (_, i) => write(`many ${i}`, 100 + i))]);
  expect(polls.flat()).toEqual(['before', 'late', ...Array.from({ length: 100 }, (_, i) => `many ${i}`)]);
});

test('nothing older than was asked for is told', async () => {
  for (let i = 0; i < 5; i++) write(`line ${i}`, i * 100);
  const { polls } = await follow([() => [write('too old', 150), write('line 5', 500)]], { sinceMs: BEGAN_MS + 250 });
  expect(polls).toEqual([['line 3', 'line 4'], ['line 5']]);
});

test('trouble is lived with for a while, a refusal is not', async () => {
  write('before', 0);
  const outage = (): void => {
    for (let tries = 0; tries < 4; tries++) fake.prepare({ status: 502, body: '' });
    write('meanwhile', 1000);
  };
  const { polls, trouble } = await follow([outage, () => undefined]);
  expect(polls).toEqual([['before'], ['meanwhile']]);
  expect(trouble).toEqual(["reading the log of sales failed on Pipecat Cloud's side (502); going on"]);
  const gone = (): void => void fake.agents.all.delete('sales');
  await expect(follow([gone])).rejects.toThrow('there is no agent sales (404 NOT_FOUND)');
});
