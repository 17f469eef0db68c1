/**
 * A scenario ready to run: variables filled in, names and roles decided, nothing left to default. It is plain JSON,
 * it is what run.started records, and a run needs nothing else of the file.
 */
import type { Variant } from './matrix.ts';
import type { Check } from '../metrics/checks/check.ts';
import type { ProviderNames } from './provider-wishes.ts';
import type { AgentFile, ScenarioFile, TurnFile } from './schema.ts';

type Decided = {
  readonly role: 'system' | 'user';
  readonly goes_first: boolean;
  readonly end_conversation: boolean;
  readonly turn: TurnFile & { readonly profile: 'compat' | 'responsive'; readonly min_words: number };
};

export type ScenarioAgent = Omit<AgentFile, keyof Decided | 'variables'> & Decided;

export type Scenario = Omit<ScenarioFile, 'agents' | 'variables' | 'turn' | 'expect' | 'matrix'> & {
  /** Each with its line in the file. */
  readonly expect: readonly Check[];
  readonly agents: readonly [ScenarioAgent, ScenarioAgent];
};

/** One run of a scenario: what varies between runs is decided. */
export type Case = {
  readonly scenario: Scenario;
  readonly seed: number;
  /** What modelled latencies are drawn from, where that is not the seed. */
  readonly jitterSeed?: number;
  /** What the file's matrix sets in this case. */
  readonly variant?: Variant;
  /** The file it came from, as the user named it; undefined for scenarios made in memory. */
  readonly file?: string;
  /** What the user gave beside the file and the seed, so that a recording can make the same case again. */
  readonly given?: GivenValues;
  /** Providers in the place of those that the file has. */
  readonly chosen?: ProviderNames;
};

export type GivenValues = { readonly variables?: Readonly<Record<string, string>>; readonly maxTurns?: number };
