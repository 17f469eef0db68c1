/** Which end-of-turn strategy an agent gets: what it asked for, or the best of what is installed. */
import type { EndOfTurnStrategy } from '../pipeline/end-of-turn.ts';
import { lexicalEndOfTurn } from '../pipeline/lexical-end-of-turn.ts';
import { silenceEndOfTurn } from '../pipeline/silence-end-of-turn.ts';
import type { ScenarioAgent } from '../scenarios/scenario.ts';
import { strategyOf } from './agent-settings.ts';

type Choice = { readonly strategy: EndOfTurnStrategy; readonly warning?: string };

export function chooseEndOfTurn(agent: ScenarioAgent, _options: { readonly modelFolder?: string | undefined; readonly strict?: boolean }): Choice {
  return strategyOf(agent) === 'silence' ? { strategy: silenceEndOfTurn() } : { strategy: lexicalEndOfTurn() };
}
