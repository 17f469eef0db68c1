import { expect, test } from 'vitest';
import { caseOf, suiteOf } from '../../testing/case-results.ts';
import { resultsJson } from './results-json.ts';

test('results read back as they were, and lists of numbers take one line', () => {
  const result = suiteOf(caseOf({ title: 'A [\n 1,\n 2\n] list', gaps: { first: 'user', ms: [null, -40, 1250] } }), caseOf({ seed: 2, tags: ['a', 'b'], gaps: { first: 'user', ms: [null] } }));
  expect(JSON.parse(resultsJson(result))).toEqual(result);
  expect(resultsJson(result)).toContain('"ms": [null, -40, 1250]\n');
  expect(resultsJson(result)).toContain('"ms": [null]\n');
});
