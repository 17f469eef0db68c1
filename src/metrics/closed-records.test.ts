import { expect, test } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { sampleCall } from '../testing/sample-call.ts';
import type { BottalkEvent } from '../events/event.ts';
import { type ClosedRecord, ClosedRecords } from './closed-records.ts';
import { latencyRecords } from './latency-record.ts';
import { foldAll } from './run-fold.ts';

function closedIn(events: readonly BottalkEvent[]): (ClosedRecord & { readonly atMs: number })[] {
  const records = new ClosedRecords();
  return events.flatMap((event) => {
    const closed = records.event(event);
    return closed ? [{ ...closed, atMs: event.atMs }] : [];
  });
}

test('a record is given once, when its reply is over, and is the one of the whole log', () => {
  const events = sampleCall();
  const closed = closedIn(events);
  expect(closed.map(({ record }) => record)).toEqual(latencyRecords(foldAll(events)));
  expect(closed.map(({ atMs }) => atMs)).toEqual(events.filter(({ type }) => type === 'reply.stopped').map(({ atMs }) => atMs));
  expect(closed.map(({ endMs }) => endMs)).toEqual(closed.map(({ atMs }) => atMs));
});

test('a reply that was never heard leaves no record and no gap in the count', () => {
  const silent = { agent: 'Mike', replyId: 'silent' } as const;
  const events = new LogBuilder()
    .says('Mike', { fromMs: 0, toMs: 900, text: 'Hello.' })
    .at(1000, { type: 'reply.started', ...silent, turnId: null, cause: 'turn', kind: 'reply' })
    .at(1500, { type: 'reply.stopped', ...silent, outcome: 'abandoned', heard: '', unheard: 'Well.' })
    .says('Mike', { fromMs: 2000, toMs: 2900, text: 'Anybody there?' })
    .build();
  expect(closedIn(events).map(({ record }) => [record.turn_index, record.spoken_output])).toEqual([
    [0, 'Hello.'],
    [1, 'Anybody there?'],
  ]);
});
