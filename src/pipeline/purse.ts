/** The port to a budget: whatever may cost money asks it first. What follows when there is too little is not its caller's business. */
import type { MostTokens } from '../events/event.ts';

export interface Purse {
  /** False: the request might exceed the budget, so it may not be made. The run is about to end then. */
  affordsAnswer(agent: string, most: MostTokens | undefined): boolean;
  /** The same for a question to whoever judges turns for this agent. */
  affordsJudgement(agent: string, most: MostTokens | undefined): boolean;
  /** The same for characters that the voice would be given. */
  affordsSpeech(agent: string, characters: number): boolean;
}
