/** What `bottalk run` was asked for, as commander hands it over. */
import type { ProviderFlags } from '../compose/choose-providers.ts';
import type { CassetteMode } from '../providers/cassette/playback.ts';

export type RunFlags = ProviderFlags & {
  readonly seed?: number;
  readonly var?: Readonly<Record<string, string>>;
  readonly out?: string;
  readonly maxTurns?: number;
  readonly pace?: number;
  readonly strict?: boolean;
  readonly budget?: number;
  readonly prices?: string;
  readonly listen?: boolean;
  readonly processes?: boolean;
  /** The agents are sessions in Pipecat Cloud. */
  readonly cloud?: boolean;
  /** Of the deployed agent. */
  readonly agentName?: string;
  /** A run folder or a file. */
  readonly cassette?: string;
  readonly cassetteMode?: CassetteMode;
  /** Undefined: whatever suits the run. */
  readonly record?: boolean;
  readonly exit?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** False: no report.html. */
  readonly report?: boolean;
  readonly open?: boolean;
};
