/** What the stages of an answer are called: as on the live page, and two that only a report tells apart. */
import type { StageName } from '../../metrics/pages/run-document.ts';
import { STAGE_NAMES as SHARED } from '../parts/latency-bar.tsx';

export const STAGE_NAMES: Readonly<Record<StageName, string>> = {
  end_of_turn: SHARED.endOfTurnMs,
  llm: SHARED.llmMs,
  tool: 'Tool',
  tts: SHARED.ttsMs,
  rest: 'Rest',
};
