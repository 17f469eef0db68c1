import { expect, test } from 'vitest';
import { foldAll } from '../metrics/run-fold.ts';
import { metricsOf } from '../metrics/run-metrics.ts';
import { sampleCall } from '../testing/sample-call.ts';
import type { Expectation } from '../scenarios/expect-schema.ts';
import { expectRun } from './expect-run.ts';

const events = sampleCall();
const run = { events, metrics: metricsOf(foldAll(events)) };
/** With one more expectation of its own. */
const expecting = (...expect: readonly object[]) => {
  const wished = events.map((event) => (event.type === 'run.started' ? { ...event, scenario: { ...event.scenario, expect } } : event));
  return expectRun({ events: wished, metrics: metricsOf(foldAll(wished)) });
};
const TURNS = { kind: 'gate', gate: { measure: 'turns', stat: null, comparison: '>=', limit: 2, agent: null }, line: 3 };
const [first = ''] = (run.metrics.turn_list[0]?.text ?? '').split(' ');

test('what holds says nothing', () => {
  expect(expecting({ ...TURNS, severity: 'must' }).toPass()).toBeUndefined();
  expect(expectRun(run).toHold('turns >= 2', { contains: first })).toBeUndefined();
});

test('what does not hold is thrown, all of it, as a test runner shows it', () => {
  expect(() => expectRun(run).toHold('turns >= 200', { contains: 'unicorn' }, 'duration >= 1s')).toThrow(
    expect.objectContaining({ name: 'AssertionError', message: `expected turns >= 200: ${run.metrics.conversation.turns}\nexpected somebody says "unicorn": not said in ${run.metrics.conversation.turns} turns` }),
  );
});

test('a scenario that expects nothing, or nothing that must hold, passes nothing', () => {
  expect(() => expectRun(run).toPass()).toThrow('the scenario expects nothing that must hold');
  expect(() => expecting({ ...TURNS, severity: 'should' }).toPass()).toThrow('the scenario expects nothing that must hold');
  expect(() => expectRun(run).toHold()).toThrow('toHold is asked for nothing');
});

test('what is about nobody who is there holds of nothing', () => {
  const message = (expectation: Expectation): string => {
    try {
      expectRun(run).toHold(expectation);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  expect(message({ tool_not_called: 'no_such_tool' })).toContain('no agent has a tool "no_such_tool"');
  expect(message({ tool_not_called: 'end_conversation', by: 'Bob' })).toContain('there is no agent "Bob"');
  expect(message('interruptions <= 0 for Bob')).toContain('there is no agent "Bob"');
  expect(message('response_latency p50 <= 20ms')).toContain('cannot be told to 20 ms');
});

test('a recording that is not whole holds nothing', () => {
  expect(() => expectRun({ ...run, tracks: [new Int16Array(0), new Int16Array(0)] }).toHold('turns >= 2')).toThrow('the run is invalid: the recording ends at');
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
