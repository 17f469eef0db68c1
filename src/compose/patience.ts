/**
 * How patient a run is with the world: how long its providers may take and how often they are asked, each by its own
 * measure. What is not given is as it is for users.
 */
import type { Patience } from '../providers/openai/patience.ts';
import type { BrainOptions } from './open-brain.ts';
import type { EarsOptions } from './open-ears.ts';
import type { SeatTuning } from './open-seats.ts';
import type { VoiceOptions } from './open-voice.ts';
import type { DailyTuning } from './room-options.ts';

export type AgentPatience = {
  readonly llm?: BrainOptions['patience'];
  readonly tts?: VoiceOptions['waits'];
  /** For how long a peer may be gone before the agent ends the call. */
  readonly graceMs?: number;
  /** For how long this process may keep an answer of the world waiting before the run's timing is in doubt. */
  readonly lagMs?: number;
};

/** An agent's with a seat of its own. */
export type LonePatience = AgentPatience & { readonly daily?: SeatTuning };

export type RunPatience = AgentPatience & {
  readonly judge?: Partial<Patience>;
  readonly stt?: EarsOptions['patience'];
  readonly daily?: DailyTuning;
};
