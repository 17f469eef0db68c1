import { expect, test } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { runMetrics } from './run-metrics.ts';

/** Mike asks, Sarah answers what she takes Mike to have said. */
function echoes(heardBySarah: string): number | undefined {
  const log = new LogBuilder()
    .says('Sarah', { fromMs: 0, toMs: 2000, text: 'Thank you for calling Blue Finch today.' })
    .says('Mike', { fromMs: 2500, toMs: 4000, text: 'I would like to change my order.' })
    .at(4600, { type: 'context.appended', agent: 'Sarah', role: 'user', text: heardBySarah })
    .says('Sarah', { fromMs: 5000, toMs: 6000, text: 'Of course.' })
    .at(7000, { type: 'run.ended', endedBy: 'max_turns' });
  return runMetrics(log.build()).agents.find(({ name }) => name === 'Sarah')?.self_echo;
}

test('an answer to what the peer said is none', () => {
  expect(echoes('i would like to change my order')).toBe(0);
});

test('an answer to words that only the agent itself has said is one', () => {
  expect(echoes('you for calling blue finch today i would like to')).toBe(1);
});

test('a few words that both might use are none', () => {
  expect(echoes('thank you for that')).toBe(0);
});
