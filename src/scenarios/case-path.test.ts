import { expect, test } from 'vitest';
import { parseScenario } from './load.ts';
import { casePath } from './case-path.ts';
import type { Case } from './scenario.ts';
import { scenarioText } from '../testing/scenario.ts';

const base = parseScenario(scenarioText(), 'x.yaml');
const pathOf = (file: string, changes: Partial<Pick<Case, 'seed' | 'jitterSeed' | 'variant'>> = {}): string => casePath({ ...base, file, ...changes });

test('a case lies where its scenario does, named by its values and seeds', () => {
  expect(pathOf('calls/first-call.yaml', { seed: 7 })).toBe('calls/first-call-@7');
  expect(pathOf('refund.yml', { seed: 7, jitterSeed: 3, variant: { 'variables.mood': 'calm', 'turn.stop_secs': '0.8' } })).toBe('refund-variables.mood=calm-turn.stop_secs=0.8-@7-~3');
});

test('what cannot stand in a name is replaced, and still no two cases share one', () => {
  const files = ['a b.yaml', 'a-b.yaml', 'a?b.yaml', 'a/b.yaml', 'a@1.yaml', '..b.yaml', `${'long'.repeat(60)}a.yaml`, `${'long'.repeat(60)}b.yaml`];
  const variants = [{ a: 'Ann, Ben' }, { a: 'Ann; Ben' }, { a: '1-b=2', b: '3' }, { a: '1', b: '2-b=3' }];
  const paths = [...files.map((file) => pathOf(file)), ...variants.map((variant) => pathOf('a.yaml', { variant }))];
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of paths) expect(path).toMatch(/^[\p{L}\p{N}@~=._/-]{1,150}$/u);
});

test('nothing lies above the folder', () => {
  for (const file of ['../calls/a.yaml', '/srv/calls/a.yaml', String.raw`C:\calls\a.yaml`, '.hidden.yaml']) {
    expect(pathOf(file).split('/')).not.toContain('..');
    expect(pathOf(file)).not.toMatch(/^\/|:/);
  }
});
