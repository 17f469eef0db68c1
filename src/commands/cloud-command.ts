/**
 * What the commands about Pipecat Cloud share: the client with its keys, the agent that is meant, Ctrl-C, and a line that
 * moves while something is waited for. Shows no key.
 */
import type { Command } from 'commander';
import type { FailedTry } from '../base/retry.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { PipecatCloud } from '../cloud/api/pipecat-cloud.ts';
import { EXIT } from './exit-codes.ts';
import { print, printJson } from './print.ts';

export type CloudWork = {
  readonly cloud: PipecatCloud;
  readonly wall: WallClock;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onWait: (what: string) => void;
  /** A line on stderr. Nothing moves any more from then on. */
  readonly note: (line: string) => void;
  /** What the command has to say, on stdout. Nothing moves any more from then on. */
  readonly say: (text: string) => void;
  readonly sayJson: (value: unknown) => void;
};

/** Runs it, and leaves with 130 if it was called off. */
export async function withCloud(command: Command, work: (with_: CloudWork) => Promise<void>): Promise<void> {
  const [{ pipecatCloud }, { cloudKeys }, { readSecrets }, { systemWallClock: wall }, { interruptSignal }, { openSpinner }] = await Promise.all([
    import('../cloud/api/pipecat-cloud.ts'),
    import('../cloud/api/keys.ts'),
    import('../compose/secrets.ts'),
    import('../clock/wall-clock.ts'),
    import('./interrupt.ts'),
    import('./spinner.ts'),
  ]);
  const keys = cloudKeys(readSecrets('.', process.env));
  const spinner = await openSpinner('asking Pipecat Cloud');
  const note = (line: string): void => {
    spinner.close();
    command.configureOutput().writeErr?.(`${line}\n`);
  };
  const say = (text: string): void => {
    spinner.close();
    print(command, text);
  };
  const sayJson = (value: unknown): void => {
    spinner.close();
    printJson(command, value);
  };
  const cloud = pipecatCloud({ wall, keys, onFailedTry: eachOnce(note) });
  const interrupt = interruptSignal();
  try {
    await work({ cloud, wall, signal: interrupt.signal, onWait: (what) => spinner.show(what), note, say, sayJson });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    note('cancelled');
    process.exitCode = EXIT.cancelled;
  } finally {
    spinner.close();
    interrupt.release();
  }
}

/** Says that a call is tried again. Several that fail at once and for one reason are one line. */
export function eachOnce(say: (line: string) => void): (failure: FailedTry) => void {
  let last = '';
  return ({ error, retryInMs }) => {
    if (retryInMs === null) return;
    const line = `${error.message}; asking again in ${retryInMs / 1000} s`;
    if (line !== last) say(line);
    last = line;
  };
}

/** Whom a command means: the agent that is named, that of the environment, that of the deploy file; undefined if nobody says. */
export async function meantAgent(named: string | undefined): Promise<string | undefined> {
  const [{ readSecrets }, { findDeployFile }, { AGENT_NAME, AGENT_NAME_WORDS }, { UsageError }] = await Promise.all([
    import('../compose/secrets.ts'),
    import('../cloud/deploy/deploy-file.ts'),
    import('../cloud/deploy/deploy-file-schema.ts'),
    import('../base/errors.ts'),
  ]);
  const fromEnv = named ?? readSecrets('.', process.env).PCC_AGENT_NAME;
  const agent = fromEnv ?? (await findDeployFile({ named: undefined, env: process.env, folder: '.' })).says.agent_name;
  if (agent !== undefined && !AGENT_NAME.test(agent)) throw new UsageError(`${JSON.stringify(agent)} is no name for an agent`, AGENT_NAME_WORDS);
  return agent;
}
