/** Everything that makes one agent behave as it does, with nothing left to default. Times are in milliseconds. */
import type { ToolSpec } from './llm.ts';
import type { Manners } from './manners.ts';
import type { VoiceActivitySettings } from './voice-activity.ts';

export type TurnSettings = {
  /** Silence after the VAD stop that completes an unfinished turn. */
  readonly stopMs: number;
  /** Watchdog: ends a turn in which nothing happened for so long. */
  readonly timeoutMs: number;
  /** While the agent speaks itself, a turn starts only with so many transcribed words; 0: with any speech. */
  readonly minWords: number;
};

/** A tool and what it answers, `delayMs` after the call, to the arguments it was given. */
export type MockedTool = ToolSpec & {
  readonly delayMs: number;
  readonly answer: (given: Readonly<Record<string, unknown>>) => ToolAnswer;
};
export type ToolAnswer = { readonly result: unknown; readonly failed: boolean };

export type AgentSettings = {
  readonly name: string;
  /** Where this agent stands among events of one instant: 0 or 1. */
  readonly order: number;
  readonly goesFirst: boolean;
  readonly systemPrompt: string;
  readonly voice: string;
  /** Display names of the other agents; anyone else in the room is a guest. */
  readonly knownAgents: readonly string[];
  /** Hears only what holds its own name. */
  readonly addressedOnly: boolean;
  readonly vad: VoiceActivitySettings;
  readonly turn: TurnSettings;
  readonly interruptible: boolean;
  /** May end the call by the end_conversation tool. */
  readonly endsConversation: boolean;
  /** Spoken turns after which the agent ends the call. */
  readonly maxTurns: number;
  readonly tools: readonly MockedTool[];
  readonly manners: Manners;
};
