/** Where per-turn records are posted to while a run lasts, if somewhere. */
import type { WallClock } from '../clock/wall-clock.ts';
import { ingestAddress } from '../providers/ingest/address.ts';
import { Ingest } from '../providers/ingest/ingest.ts';
import type { Secrets } from './secrets.ts';

export type IngestRequest = {
  readonly secrets?: Secrets;
  readonly wall: WallClock;
  readonly onWarning: (text: string) => void;
  /** What the records say they are of; see Ingest. */
  readonly session?: string | undefined;
};

/** Throws a UsageError when the address is none. */
export function openIngest({ secrets, wall, onWarning, session }: IngestRequest): Ingest | undefined {
  const address = secrets?.METRICS_INGEST_URL;
  return address === undefined ? undefined : new Ingest({ wall, address: ingestAddress(address), onWarning, session });
}
