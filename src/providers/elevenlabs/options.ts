/** What both ways of asking ElevenLabs need, and how long they wait. */
import { UsageError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';

export type ElevenLabsOptions = {
  readonly wall: WallClock;
  readonly apiKey: string;
  /** `eleven_turbo_v2_5`, or whatever else the account may use. */
  readonly model: string;
  /** ELEVENLABS_BASE_URL: another region, or a server that speaks the same protocols. */
  readonly baseUrl?: string | undefined;
  readonly waits?: Partial<ElevenLabsWaits> | undefined;
};

export type ElevenLabsWaits = {
  /** How long a socket may take to open. */
  readonly connectMs: number;
  /**
   * How long sound that is owed may stay away, and how long the last message of a context may. Shorter than the
   * pipeline's own 3 s, so that what went wrong is known by its name before the pipeline gives up.
   */
  readonly stallMs: number;
  /** The server closes a socket or context that has heard nothing for 20 s. */
  readonly keepAliveMs: number;
  /** How many tries there are altogether while nothing has been received. */
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
};

const DEFAULT_WAITS: ElevenLabsWaits = {
  connectMs: 2500,
  stallMs: 2500,
  keepAliveMs: 10_000,
  attempts: 3,
  // A reply is being waited for: Pipecat's 4 to 10 s would be longer than anybody stays quiet.
  firstWaitMs: 200,
  longestWaitMs: 5000,
};

export function waitsOf({ waits }: Pick<ElevenLabsOptions, 'waits'>): ElevenLabsWaits {
  return { ...DEFAULT_WAITS, ...waits };
}

const ELEVENLABS_URL = 'https://api.elevenlabs.io';

/** The address without a slash at its end. Throws a UsageError that does not repeat what is no address. */
export function baseUrlOf({ baseUrl = ELEVENLABS_URL }: Pick<ElevenLabsOptions, 'baseUrl'>): string {
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new UsageError('the address of ElevenLabs cannot be read', `ELEVENLABS_BASE_URL is an http or https address such as ${ELEVENLABS_URL}`);
  }
  return baseUrl.replace(/\/+$/, '');
}
