/** What `bottalk test` was asked for, as commander hands it over. */
import type { ProviderFlags } from '../compose/choose-providers.ts';
import type { Keep } from '../compose/run-test-case.ts';
import type { CassetteMode } from '../providers/cassette/playback.ts';

export const REPORTERS = ['pretty', 'plain', 'dot', 'json', 'junit', 'github', 'markdown', 'html'] as const;

export type ReporterChoice = { readonly name: (typeof REPORTERS)[number]; readonly file: string | undefined };

export type TestFlags = Omit<ProviderFlags, 'room'> & {
  readonly grep?: RegExp;
  readonly tag?: readonly string[];
  readonly seeds?: readonly number[];
  readonly jitterSeeds?: readonly number[];
  readonly repeat?: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly var?: Readonly<Record<string, string>>;
  readonly workers?: number;
  readonly timeout?: number;
  /** The agents of every case are sessions in Pipecat Cloud. */
  readonly cloud?: boolean;
  /** Of the deployed agent. */
  readonly agentName?: string;
  readonly watch?: boolean;
  readonly bail?: boolean;
  readonly retriesInvalid: number;
  /** A folder. */
  readonly record?: string;
  /** A folder, or the call of the only case. */
  readonly cassette?: string;
  readonly cassetteMode?: CassetteMode;
  readonly budget?: number;
  readonly prices?: string;
  readonly reporter?: readonly ReporterChoice[];
  readonly keep: Keep;
  /** False: cases that are kept leave no report.html. */
  readonly report?: boolean;
  readonly out?: string;
  readonly baseline?: string;
  readonly saveBaseline?: string;
  readonly updateBaseline?: boolean;
  readonly rerunFailed?: string;
};
