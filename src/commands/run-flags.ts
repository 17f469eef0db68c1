/** What `bottalk run` was asked for, as commander hands it over. */
import type { ProviderFlags } from '../compose/choose-providers.ts';

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
  readonly exit?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
};
