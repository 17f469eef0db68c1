/**
 * What becomes of a deployment, as Pipecat Cloud would tell it: one stage for each time that somebody looks at the agent,
 * the last of them for ever.
 */

/** What a stage is told with. `before`: the version that serves meanwhile, if there is one. */
export type StageFacts = { readonly desired: string; readonly before: string | undefined; readonly atIso: string };
type Told = Readonly<Record<string, unknown>>;
type Stage = (facts: StageFacts) => Told;
export type DeployScript = readonly Stage[];

const WELL = { ready: true, state: 'running', restartCount: 0 };

/** Nobody has taken the new version up; `ready` speaks of the one before. */
const unseen: Stage = ({ before }) => ({ ready: before !== undefined, available: before !== undefined, reconciledDeploymentId: before ?? null });

const phase =
  (name: string, more: (facts: StageFacts) => Told = () => ({}), health: Told = { ready: false, state: 'waiting', restartCount: 0 }): Stage =>
  (facts) => ({
    ready: false,
    available: facts.before !== undefined,
    reconciledDeploymentId: facts.desired,
    currentRevision: { deploymentID: facts.desired, phase: name, readyReplicas: 0, phaseStartedAt: facts.atIso, health },
    ...(facts.before === undefined
      ? {}
      : { previousRevision: { deploymentID: facts.before, phase: 'Active', readyReplicas: 1, phaseStartedAt: facts.atIso, health: WELL } }),
    ...more(facts),
  });

const serving: Stage = ({ desired, atIso }) => ({
  ready: true,
  available: true,
  reconciledDeploymentId: desired,
  currentRevision: { deploymentID: desired, phase: 'Active', readyReplicas: 1, phaseStartedAt: atIso, health: WELL },
});

const condition = (type: string, status: string, reason: string, message: string): Told => ({ type, status, reason, message });

/** The rollout that ends well: two looks before anybody takes it up. */
export const GOES_WELL: DeployScript = [unseen, unseen, phase('Creating'), phase('Validating'), serving];
export const AT_ONCE: DeployScript = [serving];
export const CRASHES: DeployScript = [
  unseen,
  phase('Creating'),
  phase('Failed', undefined, {
    ready: false,
    state: 'waiting',
    restartCount: 4,
    replicasStarted: 1,
    reason: 'CrashLoopBackOff',
    lastExitCode: 1,
    lastTerminationReason: 'Error',
    message: 'node:internal/modules\nError: OPENAI_API_KEY is missing',
  }),
];
export const NO_IMAGE: DeployScript = [
  unseen,
  phase('Creating', () => ({ errors: [{ code: 'PCC_IMAGE_NOT_FOUND', message: 'manifest unknown' }] }), { ready: false, state: 'waiting', reason: 'ImagePullBackOff' }),
];
export const WRONG_PLATFORM: DeployScript = [unseen, phase('Creating', () => ({ errors: [{ code: 'PCC_INVALID_IMAGE_PLATFORM', message: 'no match for platform linux/arm64' }] }))];
/** Not ready, but the version before serves. */
export const DEGRADED: DeployScript = [
  unseen,
  phase('Validating', () => ({
    conditions: [condition('Available', 'True', 'PreviousServing', 'the previous version serves'), condition('Degraded', 'True', 'ProbeFailed', 'readiness probe failed')],
  })),
];
/** Never gets anywhere. */
export const STUCK: DeployScript = [unseen, phase('Creating', () => ({ conditions: [condition('Progressing', 'True', 'Pulling', 'pulling the image')] }))];
