/** Expectations that would be true of every call, because they are about what no call has. */
import { expect, test } from 'vitest';
import type { CheckKind } from '../metrics/checks/check.ts';
import { mistakesIn } from './expect-checks.ts';

const look = { name: 'look_up', parameters: { type: 'object', properties: { order: { type: 'string' } } } };
const agents = [{ name: 'Ann', tools: [look, { name: 'hang_up' }] }, { name: 'Ben', tools: [] }];
const tool = { kind: 'tool', name: 'look_up', wanted: false, by: null, arguments: {}, times: null, severity: 'must' } as const;
const told = (check: CheckKind & { readonly severity: 'must' }): string[] => mistakesIn(check, { agents, room: 'embedded' }).map(({ message, hint }) => `${message}, ${hint}`);

test('a call with an argument that its tool has not', () => {
  expect(told({ ...tool, arguments: { order: 'A' } })).toEqual([]);
  expect(told({ ...tool, arguments: { oder: 'A' } })).toEqual(['look_up has no argument "oder", did you mean order?']);
  // What is wanted and never comes is seen when it fails, and a tool may say nothing of its arguments.
  expect(told({ ...tool, wanted: true, arguments: { oder: 'A' } })).toEqual([]);
  expect(told({ ...tool, name: 'hang_up', arguments: { why: 'A' } })).toEqual([]);
});

test('a call of somebody who is not there', () => {
  expect(told({ ...tool, by: 'Anna' })).toEqual(['there is no agent "Anna", did you mean Ann?']);
});
