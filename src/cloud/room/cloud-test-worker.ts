/** The process of a test run's cases whose agents are sessions in Pipecat Cloud. Run it by `fork` only. */
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { serveTestCases } from '../../compose/serve-test-cases.ts';
import { cloudRuns } from './cloud-runs.ts';

serveTestCases({ elsewhere: ({ secrets, cloudAgent: agent = '' }) => cloudRuns({ wall, secrets, agent, onProgress: () => undefined }) });
