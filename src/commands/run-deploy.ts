/** What `bottalk deploy` does once its flags are read: puts the deployment together, talks to the user, says how it ended. */
import { UsageError } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { cloudKeys, neededKey } from '../cloud/api/keys.ts';
import { pipecatCloud, type PipecatCloudOptions } from '../cloud/api/pipecat-cloud.ts';
import { type BuildTimes, imageBuilder } from '../cloud/deploy/build-image.ts';
import { deploy, type DeployOutcome, type DeployTimes } from '../cloud/deploy/deploy.ts';
import { findDeployFile } from '../cloud/deploy/deploy-file.ts';
import { type DeployFlags, resolveSettings } from '../cloud/deploy/deploy-settings.ts';
import { readSecrets, type Secrets } from '../compose/secrets.ts';
import { deployTalk } from './deploy-talk.ts';
import { EXIT } from './exit-codes.ts';
import { tellOutcome } from './tell-deployment.ts';

export type DeployCommandFlags = DeployFlags & {
  readonly configFile?: string;
  /** Seconds. */
  readonly timeout: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
};

export type DeployCommandWorld = {
  readonly wall: WallClock;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where bottalk runs. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  readonly times?: Partial<DeployTimes & BuildTimes>;
  readonly cloudOptions?: Pick<PipecatCloudOptions, 'timeouts' | 'firstWaitMs'>;
};

const TIMES = { pendingMs: 60_000, pollMs: 5_000, checkMs: 15_000, buildMs: 1_800_000 };

/** The exit code. Throws what main.ts explains. */
export async function runDeploy(flags: DeployCommandFlags, world: DeployCommandWorld): Promise<number> {
  const { wall, folder, signal, stdin, writeErr } = world;
  const secrets = readSecrets(folder, world.env);
  // .env.local speaks where the environment is silent, for names and places as for keys.
  const env = { ...secrets, ...Object.fromEntries(Object.entries(world.env).filter(([, value]) => value)) };
  const settings = resolveSettings(flags, env, await findDeployFile({ named: flags.configFile, env, folder }));
  const keys = cloudKeys(secrets);
  neededKey(keys, 'private', 'deploying');
  const canAsk = stdin.isTTY && flags.json !== true;
  if (flags.yes !== true && flags.dryRun !== true && !canAsk) throw new UsageError('nobody can be asked here whether to deploy', 'pass --yes, or --dry-run to see what would change');

  const talk = await deployTalk({ ...world, toStderr: flags.json === true, yes: flags.yes === true, secrets: keyValues(secrets) });
  const cloud = pipecatCloud({ wall, keys, onFailedTry: talk.failedTry, ...world.cloudOptions });
  const times = { readyMs: flags.timeout * 1000, ...TIMES, ...world.times };
  const builder = imageBuilder({ cloud, wall, signal, env: world.env, folder, build: settings.build, times, doing: talk.doing, said: talk.said });
  let isSent = false;
  try {
    const onSent = (): void => void (isSent = true);
    const outcome = await deploy(settings, { cloud, wall, signal, env: world.env, tell: talk, builder, times, dryRun: flags.dryRun === true, onSent });
    talk.close();
    tellOutcome(outcome, { ...talk, writeOut: world.writeOut, json: flags.json === true, hasPublicKey: keys.public !== undefined, exitCode: exitOf(outcome) });
    return exitOf(outcome);
  } catch (error) {
    talk.close();
    const afterwards = `\`bottalk status ${settings.agentName}\` shows what became of it`;
    if (signal.aborted) {
      writeErr(isSent ? `cancelled; the deployment may go on by itself: ${afterwards}\n` : 'cancelled; nothing was deployed\n');
      return EXIT.cancelled;
    }
    if (isSent) talk.warn(`the deployment was asked for before this: ${afterwards}`);
    throw error;
  } finally {
    talk.close();
  }
}

function keyValues(secrets: Secrets): readonly string[] {
  return Object.entries(secrets).flatMap(([name, value]) => (name.endsWith('_KEY') ? [value] : []));
}

function exitOf({ kind }: DeployOutcome): number {
  switch (kind) {
    case 'ready':
    case 'planned':
      return EXIT.ok;
    case 'declined':
      return EXIT.cancelled;
    case 'failed':
      return EXIT.failed;
    case 'late':
      return EXIT.late;
  }
}
