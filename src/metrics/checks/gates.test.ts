/** A limit to how soon an agent yields is missed by interruptions that it never yields to, though they have no latency. */
import { expect, test } from 'vitest';
import { LogBuilder } from '../../testing/log-builder.ts';
import { foldAll } from '../run-fold.ts';
import { metricsOf } from '../run-metrics.ts';
import { readGate } from './gate.ts';
import { judgeGate } from './gates.ts';

/** Sarah is interrupted three times: twice she stops after 400 ms, and once she talks on for three seconds. */
const metrics = metricsOf(
  foldAll(
    new LogBuilder()
      .says('Sarah', { fromMs: 0, toMs: 2400, text: 'Let me tell you', cut: true })
      .says('Mike', { fromMs: 2000, toMs: 4000, text: 'Sorry, who is this?', kind: 'barge_in' })
      .says('Sarah', { fromMs: 5000, toMs: 7400, text: 'This is Sarah, and', cut: true })
      .says('Mike', { fromMs: 7000, toMs: 9000, text: 'I have no time.', kind: 'barge_in' })
      .says('Sarah', { fromMs: 10_000, toMs: 15_000, text: 'It only takes a minute, and then I let you go.' })
      .says('Mike', { fromMs: 12_000, toMs: 16_000, text: 'I said that I have no time.', kind: 'barge_in' })
      .at(20_000, { type: 'run.ended', endedBy: 'hangup', agent: 'Mike' })
      .build(),
  ),
);
const judged = (text: string) => {
  const read = readGate(text);
  if ('mistake' in read) throw new Error(read.mistake);
  return judgeGate(read.gate, metrics);
};

test.each(['max', 'mean', 'p90', 'p95'])('the %s of them is without end', (stat) => {
  expect(judged(`yield_latency ${stat} <= 2s for Sarah`)).toMatchObject({ outcome: 'failed', saw: '1 of 3 interruptions of Sarah was not yielded to within 2 s' });
});

test('the one in the middle, and the quickest, are what they were', () => {
  expect(judged('yield_latency p50 <= 600ms for Sarah')).toMatchObject({ outcome: 'held', saw: '400 ms for Sarah (2 values)' });
  expect(judged('yield_latency min <= 600ms for Sarah').outcome).toBe('held');
  expect(judged('yield_latency max >= 60ms for Sarah').outcome).toBe('held');
});

test('of an agent that nobody interrupted nothing was measured', () => {
  expect(judged('yield_latency max <= 2s for Mike').outcome).toBe('not_reached');
});
