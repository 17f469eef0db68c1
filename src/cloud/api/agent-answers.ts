/**
 * What Pipecat Cloud says of an agent: its versions, their health, and its log. Words that it may add to tomorrow (phases,
 * states) are plain text here. Some of it stands in no document and is read because Pipecat Cloud's own tools read it.
 */
import { z } from 'zod';
import { maybe, moment } from './lenient.ts';

const health = z.object({
  ready: maybe(z.boolean()),
  /** running, waiting or terminated. */
  state: maybe(z.string()),
  restartCount: maybe(z.int()),
  replicasStarted: maybe(z.int()),
  /** Such as CrashLoopBackOff or ImagePullBackOff. */
  reason: maybe(z.string()),
  lastExitCode: maybe(z.int()),
  lastTerminationReason: maybe(z.string()),
  message: maybe(z.string()),
  headline: maybe(z.string()),
});

const revision = z.object({
  deploymentID: maybe(z.string()),
  /** Creating, Validating, Active, Draining or Failed. */
  phase: maybe(z.string()),
  readyReplicas: maybe(z.int()),
  phaseStartedAt: maybe(moment),
  health: maybe(health),
  hasInfrastructureIssue: maybe(z.boolean()),
});

const deployment = z.object({
  id: maybe(z.string()),
  createdAt: maybe(moment),
  manifest: maybe(
    z.object({
      spec: maybe(
        z.object({
          image: maybe(z.string()),
          dailyNodeType: maybe(z.string()),
          imagePullSecretName: maybe(z.string()),
          envFromSecretNames: maybe(z.array(z.string())),
          autoScaling: maybe(z.object({ minReplicas: maybe(z.int()), maxReplicas: maybe(z.int()) })),
          resources: maybe(z.object({ cpu: maybe(z.string()), memory: maybe(z.string()) })),
          maxSessionDurationSeconds: maybe(z.int()),
          buildId: maybe(z.string()),
        }),
      ),
    }),
  ),
});

export const agentAnswer = z.object({
  name: z.string(),
  region: maybe(z.string()),
  /** Alone it may speak of the version before; see `reconciledDeploymentId`. */
  ready: maybe(z.boolean()),
  available: maybe(z.boolean()),
  createdAt: maybe(moment),
  updatedAt: maybe(moment),
  desiredDeploymentId: maybe(z.string()),
  /** The version that Pipecat Cloud is at work on or serves; nobody has taken up the desired one until both are equal. */
  reconciledDeploymentId: maybe(z.string()),
  activeDeploymentId: maybe(z.string()),
  activeDeploymentReady: maybe(z.boolean()),
  autoScaling: maybe(z.object({ minReplicas: maybe(z.int()), maxReplicas: maybe(z.int()) })),
  activeSessionCount: maybe(z.int()),
  deployment: maybe(deployment),
  agentProfile: maybe(z.string()),
  krispViva: maybe(z.object({ audioFilter: maybe(z.string()) })),
  currentRevision: maybe(revision),
  previousRevision: maybe(revision),
  errors: maybe(z.array(z.object({ code: maybe(z.string()), message: maybe(z.string()) }))),
  /** type: Available, Progressing or Degraded; status: True or False. */
  conditions: maybe(z.array(z.object({ type: z.string(), status: z.string(), reason: maybe(z.string()), message: maybe(z.string()) }))),
  /** Of a deployment that changed nothing. */
  warning: maybe(z.string()),
});

export const agentListing = z.object({
  name: z.string(),
  region: maybe(z.string()),
  desiredDeploymentId: maybe(z.string()),
  reconciledDeploymentId: maybe(z.string()),
  createdAt: maybe(moment),
  updatedAt: maybe(moment),
  deletedAt: maybe(moment),
});

export const logPage = z.object({
  total: maybe(z.object({ value: z.int(), relation: maybe(z.string()) })),
  logs: z.array(z.object({ log: z.string(), timestamp: moment, deploymentId: maybe(z.string()) })),
});

export type AgentDetails = z.infer<typeof agentAnswer>;
export type AgentRevision = z.infer<typeof revision>;
export type AgentListing = z.infer<typeof agentListing>;
export type LogPage = z.infer<typeof logPage>;
export type LogLine = LogPage['logs'][number];
