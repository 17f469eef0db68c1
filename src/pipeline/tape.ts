/**
 * What a recording of the world's answers is told, in call time. Offsets count from the opening of the request and are
 * those at which pieces were delivered, so that a player that keeps to them gives the same call again.
 */
import type { TakeDown } from '../clock/live-answer.ts';
import type { Sound } from './live-tts.ts';
import type { LlmChunk, LlmRequest } from './llm.ts';
import type { TtsRequest } from './tts.ts';

/** What a context of speech is told and what it answers. */
export interface SpeechTake {
  sent(sentence: string, offsetMs: number): void;
  ended(offsetMs: number): void;
  readonly arrived: TakeDown<Sound>;
}

/**
 * One agent's recording. Called when a request is opened; an answer without a last piece was given up on this side, when
 * the signal aborted.
 */
export interface Tape {
  asked(model: string, request: LlmRequest, signal: AbortSignal): TakeDown<LlmChunk>;
  opened(model: string, request: TtsRequest, signal: AbortSignal): SpeechTake;
}
