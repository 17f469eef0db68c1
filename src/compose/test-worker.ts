/** The process of a test run's cases whose agents are all in it. Run it by `fork` only. */
import { serveTestCases } from './serve-test-cases.ts';

serveTestCases();
