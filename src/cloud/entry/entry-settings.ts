/**
 * What the environment says of the entry. A port that is none is the user's mistake; of everything else a value that
 * makes no sense is told and passed over, for the platform sets some of them.
 */
import { UsageError } from '../../base/errors.ts';
import { type LogLevel, logLevel } from './entry-log.ts';

export type EntrySettings = {
  readonly port: number;
  /** How long a session may go on after SIGTERM. */
  readonly shutdownSecs: number;
  readonly level: LogLevel;
  readonly logFolder: string | undefined;
  readonly imageVersion: string;
  /** No session lasts longer. */
  readonly mostSessionSecs: number;
  /** How long an agent waits for its peer. */
  readonly peerWaitSecs: number;
  readonly judgeModel: string | undefined;
  /** Values that make no sense. */
  readonly warnings: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;

const PORT = 8080;
/** As Pipecat's base image. */
const SHUTDOWN_SECS = 7200;
/** Longer than any scenario lasts by itself, and half of what the platform bills for a session that nobody stops. */
const MOST_SESSION_SECS = 3600;
/** A cold start takes 10 to 60 s. */
const PEER_WAIT_SECS = 120;
/** Timers count no further. */
const MOST_SECS = 2_000_000;

export function entrySettings(env: Environment, flags: { readonly port?: number | undefined } = {}): EntrySettings {
  const warnings: string[] = [];
  const seconds = (name: string, usual: number): number => {
    const text = env[name]?.trim() ?? '';
    if (text === '') return usual;
    const value = Number(text);
    if (value >= 0) return Math.min(value, MOST_SECS);
    warnings.push(`${name} is no number of seconds: ${usual} counts`);
    return usual;
  };
  return {
    port: flags.port ?? portIn(env),
    shutdownSecs: seconds('SHUTDOWN_TIMEOUT', SHUTDOWN_SECS),
    level: logLevel(env['PIPECAT_LOG_LEVEL']),
    logFolder: env['PCC_LOG_DIR'] || undefined,
    imageVersion: env['IMAGE_VERSION'] || 'unknown',
    mostSessionSecs: seconds('BOTTALK_MAX_SESSION_SECONDS', MOST_SESSION_SECS) || MOST_SESSION_SECS,
    peerWaitSecs: seconds('BOTTALK_PEER_WAIT_SECONDS', PEER_WAIT_SECS) || PEER_WAIT_SECS,
    judgeModel: env['BOTTALK_JUDGE_MODEL']?.trim() || undefined,
    warnings,
  };
}

function portIn(env: Environment): number {
  const text = env['PORT']?.trim() ?? '';
  if (text === '') return PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('PORT is no port', 'a number from 0 to 65535; leave it out for 8080');
  return port;
}
