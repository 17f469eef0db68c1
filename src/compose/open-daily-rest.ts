/** Daily's REST interface, with the key and at the address that this machine has. */
import type { WallClock } from '../clock/wall-clock.ts';
import { DailyRest } from '../providers/daily/rest.ts';
import { needed, type Secrets } from './secrets.ts';

export type OpenRestOptions = {
  readonly wall: WallClock;
  readonly secrets: Secrets;
  /** The wait before the second try, where it is not the usual one. */
  readonly firstWaitMs?: number | undefined;
  /** Told in a line of each try that failed and is followed by another. */
  readonly onRetry?: (line: string) => void;
};

/** Throws a UsageError where the key is missing. Asks nothing. */
export function openDailyRest({ wall, secrets, firstWaitMs, onRetry }: OpenRestOptions): DailyRest {
  return new DailyRest({
    wall,
    apiKey: needed(secrets, 'DAILY_API_KEY', 'a Daily room'),
    ...(secrets.DAILY_BASE_URL !== undefined && { baseUrl: secrets.DAILY_BASE_URL }),
    ...(firstWaitMs !== undefined && { firstWaitMs }),
    onFailedTry: ({ error, retryInMs }) => {
      if (retryInMs !== null) onRetry?.(`${error.message}; asked again in ${retryInMs / 1000} s`);
    },
  });
}
