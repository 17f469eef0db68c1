/** The voice that a scenario's agent has by its file. */
import type { ScenarioAgent } from './scenario.ts';

/** For the provider that speaks for it, by the name that this provider knows; undefined where the file names none. */
export function ownVoice({ voice, tts }: Pick<ScenarioAgent, 'voice' | 'tts'>): string | undefined {
  return typeof voice === 'object' ? voice[tts.provider] : voice;
}
