/**
 * A deployment from its checks to its end: whatever can be looked at is looked at before anything is changed, then the
 * version is asked for and waited for. It prints nothing and asks nobody by itself; a teller does.
 */
import { type Mistake, ProviderError, UsageError } from '../../base/errors.ts';
import type { TryPatience } from '../../base/timed-tries.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import { type Awaited, awaitReady } from './await-ready.ts';
import { checkCloud, type CloudCheck } from './check-cloud.ts';
import { checkImage } from './check-image.ts';
import { type DiffRow, diffOf, type PlannedRequest } from './deploy-diff.ts';
import type { DeploySettings, ImageSource } from './deploy-settings.ts';
import { lastLogLines } from './last-log-lines.ts';
import { planNotes } from './plan-notes.ts';
import { type DeployRequest, deployRequest, postDeployment } from './post-deployment.ts';
import { rollbackCommand } from './rollback.ts';

/** What shall be done, as it is known before anything is. */
export type DeployPlan = {
  readonly agentName: string;
  readonly region: string;
  readonly isNew: boolean;
  readonly request: DeployRequest;
  readonly diff: readonly DiffRow[];
  readonly digest: string | undefined;
  readonly notes: readonly string[];
};

/** Brings an image about; see build-image.ts. */
export interface ImageBuilder {
  /** Throws a UsageError if nothing can be built here. */
  check(source: ImageSource): Promise<void>;
  build(source: ImageSource, region: string): Promise<BuiltImage>;
}

export type BuiltImage =
  | { readonly kind: 'built'; readonly from: { readonly image: string } | { readonly buildId: string } }
  | { readonly kind: 'failed'; readonly why: string; readonly log: readonly string[] };

export type DeployTeller = {
  /** What is being done, until the next call: a line that moves. */
  readonly doing: (text: string) => void;
  /** A line that stays. */
  readonly said: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly plan: (plan: DeployPlan) => void;
  /** Whether the user wants it, once the plan is told. */
  readonly wantsIt: (plan: DeployPlan) => Promise<boolean>;
};

export type DeployTimes = {
  /** How long the version may take to serve. */
  readonly readyMs: number;
  /** How long a secret set may take that Pipecat Cloud still takes in. */
  readonly pendingMs: number;
  readonly pollMs: number;
  readonly registry?: TryPatience;
};

export type DeployWorld = {
  readonly cloud: PipecatCloud;
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tell: DeployTeller;
  readonly builder: ImageBuilder;
  readonly times: DeployTimes;
  /** Only the plan is wanted. */
  readonly dryRun: boolean;
  /** Called when the request leaves: from then on it may go on by itself. */
  readonly onSent: () => void;
};

export type DeployOutcome =
  | { readonly kind: 'planned'; readonly plan: DeployPlan }
  | { readonly kind: 'declined' }
  | { readonly kind: 'ready'; readonly plan: DeployPlan; readonly deploymentId: string | undefined; readonly isUnchanged: boolean; readonly tookMs: number }
  | {
      readonly kind: 'failed' | 'late';
      readonly plan: DeployPlan;
      readonly deploymentId: string | undefined;
      readonly why: readonly string[];
      readonly log: readonly string[];
      /** Whether the version before still answers calls. */
      readonly servesBefore: boolean;
      readonly rollback: string | undefined;
    };

/** Rejects with a UsageError that holds every mistake the checks found, a ProviderError, or the signal's reason. */
export async function deploy(wanted: DeploySettings, world: DeployWorld): Promise<DeployOutcome> {
  const { cloud, wall, signal, tell, builder, times } = world;
  for (const warning of wanted.warnings) tell.warn(warning);
  const found: Mistake[] = [];
  await builder.check(wanted.source);
  const digest = wanted.source.kind === 'image' ? await lookAtImage(wanted.source.image, hasPullSecret(wanted), world, found) : undefined;
  tell.doing('looking at regions, secrets and the agent');
  const waits = { cloud, wall, signal, pendingMs: times.pendingMs, pollMs: times.pollMs, onWait: (what: string) => tell.doing(what) };
  const check = await checkCloud(wanted, waits);
  found.push(...check.mistakes);
  for (const warning of check.warnings) tell.warn(warning);
  if (found.length > 0) throw new UsageError(found);

  const plan = planOf(wanted, check, digest);
  if (world.dryRun) return { kind: 'planned', plan };
  tell.plan(plan);
  if (!(await tell.wantsIt(plan))) return { kind: 'declined' };
  const before = { servesBefore: check.running?.available === true, rollback: undefined };
  const built = await imageOf(wanted, check.region, world);
  if (built.kind === 'failed') return { kind: 'failed', plan, deploymentId: undefined, why: [built.why], log: built.log, ...before };
  const request = { ...wanted.settings, ...built.from };
  const { agentName, force } = wanted;
  tell.doing(plan.isNew ? `creating ${agentName}` : `updating ${agentName}`);
  const begunMs = wall.nowMs();
  world.onSent();
  const posted = await postDeployment({ ...waits, agentName, exists: !plan.isNew, region: check.region, request, force });
  if (posted.kind === 'refused') return { kind: 'failed', plan, deploymentId: undefined, why: [posted.why], log: [], ...before };
  const deploymentId = posted.agent.desiredDeploymentId;
  const isUnchanged = check.running !== undefined && deploymentId !== undefined && deploymentId === check.running.desiredDeploymentId;
  if (posted.agent.warning !== undefined) tell.warn(posted.agent.warning);
  if (isUnchanged) tell.warn('Pipecat Cloud made no new version of it: warm instances go on with what they run; --force replaces them');
  const awaited = await awaitReady({ ...waits, agentName, wanted: deploymentId, timeoutMs: times.readyMs });
  if (awaited.kind === 'ready') return { kind: 'ready', plan, deploymentId, isUnchanged, tookMs: wall.nowMs() - begunMs };
  return notReady(awaited, { plan, deploymentId, check, world });
}

/** The digest, if it can be told. */
async function lookAtImage(image: string, isPullable: boolean, { wall, signal, env, tell, times }: DeployWorld, found: Mistake[]): Promise<string | undefined> {
  tell.doing(`looking at ${image}`);
  const checked = await checkImage(image, { wall, signal, env, ...(times.registry && { patience: times.registry }) });
  switch (checked.kind) {
    case 'fits':
      tell.said(`image ${image} is there for linux/arm64${checked.digest === undefined ? '' : `\n  ${checked.digest}`}`);
      return checked.digest;
    case 'missing':
      found.push({ message: `there is no image ${image}`, hint: 'push it first, or check its name and tag' });
      return undefined;
    case 'wrong-platform':
      found.push({ message: `${image} is for ${checked.platforms.join(' and ')}, and Pipecat Cloud has linux/arm64 only`, hint: 'build it with --platform linux/arm64' });
      return undefined;
    case 'unchecked':
      tell.warn(`image ${image} could not be checked: ${checked.why}`);
      if (checked.isPrivate && !isPullable) tell.warn('no image_credentials are named: Pipecat Cloud has no password for it either');
      return undefined;
  }
}

function hasPullSecret({ settings }: DeploySettings): boolean {
  return settings.imagePullSecretSet !== undefined;
}

function planOf(wanted: DeploySettings, { running, region }: CloudCheck, digest: string | undefined): DeployPlan {
  const { agentName, source, settings, force } = wanted;
  const planned: PlannedRequest = { ...settings, ...plannedImage(source) };
  const isNew = running === undefined;
  return {
    agentName,
    region,
    isNew,
    request: deployRequest({ agentName, exists: !isNew, region, request: planned, force }),
    diff: diffOf(planned, running),
    digest,
    notes: planNotes(planned, running),
  };
}

function plannedImage(source: ImageSource): Pick<PlannedRequest, 'image' | 'buildId'> {
  switch (source.kind) {
    case 'image':
    case 'buildx':
      return { image: source.image };
    case 'build-id':
      return { buildId: source.buildId };
    case 'cloud-build':
      // What is yet to be built has no id.
      return { buildId: '<id of the build>' };
  }
}

async function imageOf(wanted: DeploySettings, region: string, world: DeployWorld): Promise<BuiltImage> {
  const { source } = wanted;
  if (source.kind === 'image') return { kind: 'built', from: { image: source.image } };
  if (source.kind === 'build-id') return { kind: 'built', from: { buildId: source.buildId } };
  const built = await world.builder.build(source, region);
  const found: Mistake[] = [];
  if (built.kind === 'built' && 'image' in built.from) await lookAtImage(built.from.image, hasPullSecret(wanted), world, found);
  if (found.length > 0) throw new UsageError(found);
  return built;
}

type Ending = { readonly plan: DeployPlan; readonly deploymentId: string | undefined; readonly check: CloudCheck; readonly world: DeployWorld };

async function notReady(awaited: Exclude<Awaited, { kind: 'ready' }>, { plan, deploymentId, check, world }: Ending): Promise<DeployOutcome> {
  const { running } = check;
  const servesBefore = running !== undefined && (awaited.agent?.available ?? false);
  const why = awaited.kind === 'failed' ? awaited.why : [`not ready after ${world.times.readyMs / 1000} s: ${awaited.what}`];
  return {
    // A version that is late while nobody answers calls has failed, whatever becomes of it.
    kind: awaited.kind === 'late' && servesBefore ? 'late' : 'failed',
    plan,
    deploymentId,
    why,
    log: await logOf(plan.agentName, deploymentId, world),
    servesBefore,
    rollback: running && rollbackCommand(plan.agentName, running),
  };
}

/** What the version said last. That its log cannot be read must not hide why it failed. */
async function logOf(agentName: string, deploymentId: string | undefined, { cloud, signal }: DeployWorld): Promise<readonly string[]> {
  try {
    return await lastLogLines(cloud, { agentName, deploymentId, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ProviderError)) throw error;
    return [];
  }
}

