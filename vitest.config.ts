import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './scripts/long-files-first.ts';
import { SuiteReporter } from './scripts/suite-reporter.ts';

export default defineConfig({
  test: {
    reporters: [new SuiteReporter()],
    maxWorkers: '100%',
    // No test depends on wall time, so this only ends what hangs; a busy machine may take many times longer than usual.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    slowTestThreshold: 3_000,
    sequence: { sequencer: LongFilesFirst },
    globalSetup: ['scripts/shared-cache.ts'],
    projects: [
      // What stands beside its code leaves nothing in its process, so many files share one: half of their time was starting.
      { extends: true, test: { name: 'src', include: ['src/**/*.test.{ts,tsx}'], isolate: false, setupFiles: ['scripts/shared-process.ts'] } },
      // Whole runs change folders, signals and what is loaded, so each file has a process of its own.
      { extends: true, test: { name: 'tests', include: ['tests/**/*.test.{ts,tsx}'] } },
    ],
  },
});
