import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemWallClock } from '../../clock/wall-clock.ts';
import type { BottalkEvent } from '../../events/event.ts';
import { latencyRecords } from '../../metrics/latency-record.ts';
import { foldAll } from '../../metrics/run-fold.ts';
import { IngestServer } from '../../testing/ingest-server.ts';
import { sampleCall } from '../../testing/sample-call.ts';
import { ingestAddress } from './address.ts';
import { Ingest, type IngestLimits } from './ingest.ts';

const EPOCH_MS = 1_800_000_000_123;
const wall = { ...systemWallClock, epochMs: () => EPOCH_MS };
const CALL = sampleCall();
/** As metrics.json has them. */
const RECORDS = latencyRecords(foldAll(CALL));

let server: IngestServer;
let warnings: string[];
beforeEach(async () => {
  server = await IngestServer.start();
  warnings = [];
});
afterEach(() => server.close());

function open(limits: Partial<IngestLimits> = {}, url = server.url): Ingest {
  const onWarning = (text: string): void => void warnings.push(text);
  return new Ingest({ wall, address: ingestAddress(url), limits: { firstWaitMs: 1, ...limits }, onWarning });
}

/** Shows it a whole call at once and ends the run. */
type Call = { readonly url?: string; readonly events?: readonly BottalkEvent[] };
async function wholeCall(limits: Partial<IngestLimits> = {}, { url = server.url, events = CALL }: Call = {}): Promise<void> {
  const ingest = open(limits, url);
  for (const event of events) ingest.event(event);
  await ingest.close();
}

describe('Ingest', () => {
  it('posts every record as it stands in metrics.json, in order, under a session of this run', async () => {
    await wholeCall();
    const sessions = { Sarah: 'Sarah-1800000000.123', Mike: 'Mike-1800000000.123' };
    const expected = RECORDS.map((record) => ({ ...record, session_id: sessions[record.agent_name as 'Sarah' | 'Mike'] }));
    expect(server.posted.map(({ record }) => JSON.stringify(record))).toEqual(expected.map((record) => JSON.stringify(record)));
    expect(server.posted[0]).toMatchObject({ path: '/api/metrics', headers: { 'content-type': 'application/json' } });
    expect(warnings).toEqual([]);
  });

  it('gives a call in real time the time of day at which it was held', async () => {
    const [started, ...rest] = CALL;
    if (started?.type !== 'run.started') throw new Error('no start');
    await wholeCall({}, { events: [{ ...started, clock: 'real' }, ...rest] });
    // This wall clock stands still, so each record seems to be closed at the same moment.
    expect(server.posted.map(({ record }) => record['ts'])).toEqual(RECORDS.map(() => EPOCH_MS / 1000));
  });

  it('posts while the call lasts, not only at its end', async () => {
    const ingest = open();
    const taken = new Promise<void>((resolve) => {
      server.answer = () => {
        resolve();
        return 200;
      };
    });
    for (const event of CALL.slice(0, CALL.findIndex(({ type }) => type === 'reply.stopped') + 1)) ingest.event(event);
    await taken;
    expect(server.posted).toHaveLength(1);
    await ingest.close();
  });

  it('tries again after a 500, and then it is as if nothing had been', async () => {
    server.answer = (n) => (n === 0 || n === 1 || n === 5 ? 500 : 200);
    await wholeCall();
    const replies = server.posted.map(({ record }) => record['reply_id']);
    expect(replies).toEqual([RECORDS[0], RECORDS[0], ...RECORDS.slice(0, 4), ...RECORDS.slice(3)].map((record) => record?.reply_id));
    expect(warnings).toEqual([]);
  });

  it('tries only once after a record that was not taken, until one is taken again', async () => {
    server.answer = (n) => (n < 5 || n === 7 ? 500 : 200);
    await wholeCall();
    const tries = Map.groupBy(server.posted, ({ record }) => record['reply_id']);
    expect([...tries.values()].map((list) => list.length)).toEqual([3, 1, 1, 1, 1, 2, 1, 1, 1, 1]);
    expect(warnings).toEqual([`3 of 10 records were not taken by METRICS_INGEST_URL: ${server.host} answered with status 500`]);
  });

  it('waits as long as it is asked to, within reason', async () => {
    server.answer = (n) => (n === 0 ? { status: 429, headers: { 'retry-after': '0' } } : n === 2 ? { status: 503, headers: { 'retry-after': '60' } } : 200);
    await wholeCall();
    expect(server.posted, 'one more for the first and none for the second').toHaveLength(RECORDS.length + 1);
    expect(warnings).toEqual([`1 of 10 records were not taken by METRICS_INGEST_URL: ${server.host} answered with status 503`]);
  });

  it('asks only once where another try is no use', async () => {
    server.answer = () => 404;
    await wholeCall();
    expect(server.posted).toHaveLength(RECORDS.length);
    expect(warnings).toEqual([`10 of 10 records were not taken by METRICS_INGEST_URL: ${server.host} answered with status 404`]);
  });

  it('follows nobody elsewhere', async () => {
    server.answer = () => ({ status: 302, headers: { location: `${server.url}/elsewhere` } });
    await wholeCall();
    expect(server.posted.every(({ path }) => path === '/api/metrics')).toBe(true);
    expect(warnings[0]).toContain('answered with status 302');
  });

  it('says once that nobody is there', async () => {
    const { url, host } = server;
    await server.close();
    await wholeCall({}, { url });
    expect(warnings).toEqual([`10 of 10 records were not taken by METRICS_INGEST_URL: ${host} could not be reached (ECONNREFUSED)`]);
  });

  it('gives up a receiver that never answers: each try is limited, and so is the wait at the end', async () => {
    server.answer = () => null;
    await wholeCall({ tryMs: 5, attempts: 2, flushMs: 60_000 });
    expect(warnings).toEqual([`10 of 10 records were not taken by METRICS_INGEST_URL: ${server.host} did not answer within 0.005 s`]);

    warnings.length = 0;
    await wholeCall({ flushMs: 20 });
    expect(warnings).toEqual([`10 of 10 records were not taken by METRICS_INGEST_URL: ${server.host} was too slow`]);
  });

  it('lets the oldest go when too many wait', async () => {
    await wholeCall({ mostWaiting: 3 });
    expect(server.posted.map(({ record }) => record['reply_id']), 'the first is under way at once').toEqual(
      [RECORDS[0], ...RECORDS.slice(-3)].map((record) => record?.reply_id),
    );
    expect(warnings).toEqual([`6 of 10 records were not taken by METRICS_INGEST_URL: ${server.host} was too slow`]);
  });

  it('keeps what is secret in the address to itself', async () => {
    server.answer = () => 401;
    await wholeCall({}, { url: `http://me:pass@${server.host}/hook/t0ken?key=k3y` });
    expect(server.posted[0]).toMatchObject({ path: '/hook/t0ken?key=k3y', headers: { authorization: `Basic ${Buffer.from('me:pass').toString('base64')}` } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toMatch(/me|pass|hook|t0ken|k3y|secret/);
  });

  it('may be closed twice and warns once', async () => {
    server.answer = () => 404;
    const ingest = open();
    for (const event of CALL) ingest.event(event);
    await ingest.close();
    await ingest.close();
    expect(warnings).toHaveLength(1);
  });
});
