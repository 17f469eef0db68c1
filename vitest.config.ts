import { defineConfig } from 'vitest/config';
import { SuiteReporter } from './scripts/suite-reporter.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'tests/**/*.test.{ts,tsx}'],
    reporters: [new SuiteReporter()],
    maxWorkers: '100%',
    // No test depends on wall time, so this only ends what hangs; a busy machine may take many times longer than usual.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    slowTestThreshold: 3_000,
  },
});
