import { expect, test } from 'vitest';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { cloudRuns } from './cloud-runs.ts';

test('all keys that are missing are named at once', () => {
  const open = (): unknown => cloudRuns({ wall, secrets: { PCC_PRIVATE_KEY: 'planted' }, agent: 'sales', onProgress: () => undefined });
  expect(open).toThrow(/^starting sessions in the cloud needs PCC_PUBLIC_KEY or .*\na Daily room needs DAILY_API_KEY \(.*\)$/);
  expect(open).not.toThrow('planted');
});
