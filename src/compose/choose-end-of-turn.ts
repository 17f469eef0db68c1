/** Which end-of-turn strategy of this machine an agent gets: what it asked for, or the best of what is installed. */
import { invariant, UsageError } from '../base/errors.ts';
import type { EndOfTurnStrategy } from '../pipeline/end-of-turn.ts';
import { lexicalEndOfTurn } from '../pipeline/lexical-end-of-turn.ts';
import { silenceEndOfTurn } from '../pipeline/silence-end-of-turn.ts';
import { type SmartTurnModel, smartTurnEndOfTurn } from '../providers/smart-turn/smart-turn.ts';
import type { ScenarioAgent } from '../scenarios/scenario.ts';
import { strategyOf } from './agent-settings.ts';

export type EndOfTurnOptions = {
  /** The model, if its weights are there; asked only by agents that could use it. */
  readonly smartTurn: () => SmartTurnModel | undefined;
  /** Missing weights are an error, not a warning. */
  readonly strict: boolean;
};

export type EndOfTurnChoice = { readonly strategy: EndOfTurnStrategy; readonly warning?: string };

/** Throws a UsageError if it must be SmartTurn and cannot be. */
export function checkEndOfTurn(agent: ScenarioAgent, options: EndOfTurnOptions): void {
  if (strategyOf(agent) !== 'llm') chooseEndOfTurn(agent, options).strategy.close();
}

/** Throws a UsageError as above. A model of the world is opened elsewhere. */
export function chooseEndOfTurn(agent: ScenarioAgent, { smartTurn, strict }: EndOfTurnOptions): EndOfTurnChoice {
  const wanted = strategyOf(agent);
  invariant(wanted !== 'llm', `${agent.name} asks the world`);
  if (wanted === 'silence') return { strategy: silenceEndOfTurn() };
  if (wanted === 'lexical') return { strategy: lexicalEndOfTurn() };
  const model = smartTurn();
  if (model) return { strategy: smartTurnEndOfTurn(model) };
  // `auto` takes what there is; only who asked for SmartTurn by name has to know that it is not there.
  if (wanted === 'auto') return { strategy: lexicalEndOfTurn() };
  if (strict) throw new UsageError(`${agent.name} wants smart_turn, but its weights are not here`, 'bottalk models pull smart-turn');
  return { strategy: lexicalEndOfTurn(), warning: `${agent.name} wants smart_turn, but its weights are not here; lexical decides instead (bottalk models pull smart-turn)` };
}
