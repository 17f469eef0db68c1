/** What the stages of an answer are called. */
import type { StageName } from '../../metrics/pages/run-document.ts';

export const STAGE_NAMES: Readonly<Record<StageName, string>> = {
  end_of_turn: 'End of turn',
  llm: 'LLM, first token',
  tool: 'Tool',
  tts: 'Voice, first audio',
  rest: 'Everything else',
};
