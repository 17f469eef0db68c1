/**
 * Ends a test run with the slowest files and with one line that people and scripts read: `N passed, N failed`. A
 * file that cannot be loaded and an error that nobody caught count as failed, so the line never looks better than
 * the run. What is skipped is counted too, and in CI it fails the run.
 */
import { DefaultReporter, type SerializedError, type TestModule, type TestRunEndReason } from 'vitest/node';

const SLOWEST_FILES = 8;

export class SuiteReporter extends DefaultReporter {
  override onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    super.onTestRunEnd(modules, unhandled, reason);
    const states = modules.flatMap((module) => Array.from(module.children.allTests(), (test) => test.result().state));
    const count = (state: string): number => states.filter((other) => other === state).length;
    const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
    const failed = count('failed') + count('pending') + brokenFiles + unhandled.length;
    const skipped = count('skipped');

    this.log('Slowest files:');
    for (const { seconds, name } of slowest(modules)) this.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
    if (skipped > 0 && process.env['CI']) {
      this.log(`\nIn CI every test has to run, and ${skipped} did not.`);
      process.exitCode = 1;
    }
    this.log(`\n${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  }
}

function slowest(modules: readonly TestModule[]): { readonly name: string; readonly seconds: number }[] {
  return modules
    .map((module) => {
      const { duration, collectDuration, setupDuration, prepareDuration } = module.diagnostic();
      return { name: module.relativeModuleId, seconds: (duration + collectDuration + setupDuration + prepareDuration) / 1000 };
    })
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST_FILES);
}
