import { expect, test } from 'vitest';
import { repeatedScenarios } from '../../metrics/repeats.ts';
import { caseOf } from '../../testing/case-results.ts';
import { repeatsText } from './repeats-lines.ts';

test('repeats are a rate, what that rate can be, and the seeds with which a flaky one failed', () => {
  const flaky = Array.from({ length: 10 }, (_, i) => caseOf({ file: 'calls/flaky.yaml', seed: i + 1, verdict: i % 3 === 0 ? 'passed' : 'failed' }));
  const sound = Array.from({ length: 10 }, (_, i) => caseOf({ file: 'calls/sound.yaml', seed: i + 1, variant: { mood: 'calm' } }));
  const broken = [caseOf({ file: 'calls/broken.yaml', verdict: 'errored' }), caseOf({ file: 'calls/broken.yaml', seed: 2, verdict: 'invalid' })];
  expect(repeatsText(repeatedScenarios([...flaky, ...sound, ...broken, caseOf({ file: 'once.yaml' })])).split('\n')).toEqual([
    '',
    '  repeated                    passed  95 % interval  pass@3  pass^3',
    '  calls/flaky.yaml              4/10   17 % to 69 %    83 %   3.3 %  flaky',
    '  calls/sound.yaml mood=calm',
    '                               10/10  72 % to 100 %   100 %   100 %',
    '  calls/broken.yaml  0/0 (+2 broken)              -       -       -',
    '  calls/flaky.yaml failed with @2, @3, @5, @6, @8 and 1 more',
    '',
  ]);
});

test('what was run once has nothing to say', () => {
  expect(repeatsText(repeatedScenarios([caseOf(), caseOf({ file: 'other.yaml' })]))).toBe('');
});

test('a name that leaves no room for its figures has lines of its own, and nothing is wider than a terminal', () => {
  const variant = { 'variables.mood': 'angry and in a hurry', 'agents.Mike.voice': 'ross', 'turn.stop_secs': '0.8' };
  const long = Array.from({ length: 4 }, (_, i) => caseOf({ file: 'scenarios/regression/refund-of-a-broken-machine.yaml', seed: i + 1, variant, verdict: i > 1 ? 'failed' : 'passed' }));
  const short = Array.from({ length: 4 }, (_, i) => caseOf({ file: 'calls/sound.yaml', seed: i + 1 }));
  const lines = repeatsText(repeatedScenarios([...short, ...long])).split('\n');
  expect(lines).toEqual([
    '',
    '  repeated          passed  95 % interval  pass@3  pass^3',
    '  calls/sound.yaml     4/4  51 % to 100 %   100 %   100 %',
    '  scenarios/regression/refund-of-a-broken-machine.yaml variables.mood=angry and',
    '  in a hurry agents.Mike.voice=ross turn.stop_secs=0.8',
    '                       2/4   15 % to 85 %   100 %     0 %  flaky',
    '  scenarios/regression/refund-of-a-broken-machine.yaml variables.mood=angry and',
    '  in a hurry agents.Mike.voice=ross turn.stop_secs=0.8 failed with @3, @4',
    '',
  ]);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});
