import { expect, test } from 'vitest';
import { foldAll } from '../metrics/run-fold.ts';
import { metricsOf } from '../metrics/run-metrics.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { expectRun } from './expect-run.ts';

const events = sampleCall();
const run = { events, metrics: metricsOf(foldAll(events)) };
const [first = ''] = (run.metrics.turn_list[0]?.text ?? '').split(' ');

test('what holds says nothing', () => {
  expect(expectRun(run).toPass()).toBeUndefined();
  expect(expectRun(run).toHold('turns >= 2', { contains: first })).toBeUndefined();
});

test('what does not hold is thrown, all of it, as a test runner shows it', () => {
  expect(() => expectRun(run).toHold('turns >= 200', { contains: 'unicorn' }, 'duration >= 1s')).toThrow(
    expect.objectContaining({ name: 'AssertionError', message: `expected turns >= 200: ${run.metrics.conversation.turns}\nexpected somebody says "unicorn": not said in ${run.metrics.conversation.turns} turns` }),
  );
});

test('what cannot be read is the caller\'s to mend', () => {
  expect(() => expectRun(run).toHold('turns => 2')).toThrow(expect.objectContaining({ name: 'UsageError' }));
});

test('a broken simulation holds nothing', () => {
  const cut = events.slice(0, -1);
  expect(() => expectRun({ events: cut, metrics: metricsOf(foldAll(cut)) }).toHold('turns >= 1')).toThrow('the run is invalid: the log stops in mid-call');
});

test('what a model would have to be asked belongs into the scenario', () => {
  expect(() => expectRun(run).toHold({ judge: 'Sarah is kind.' })).toThrow(
    expect.objectContaining({ name: 'UsageError', message: '{"judge":"Sarah is kind."} is asked while the run lasts (write it under expect: in the scenario, and ask toPass)' }),
  );
});
