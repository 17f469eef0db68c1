/** What an evaluation needs of the run that it belongs to. */
import type { ContentCache } from '../../base/content-cache.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { EventLog } from '../../events/log.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import type { Patience } from '../../providers/openai/patience.ts';
import type { Budget } from '../../run/budget.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Deck } from '../deck.ts';
import type { Secrets } from '../secrets.ts';

export type EvaluationOptions = {
  readonly scenario: Scenario;
  /** Was shown the whole call and will be shown what comes of it. */
  readonly fold: RunFold;
  readonly log: EventLog;
  readonly wall: WallClock;
  readonly secrets: Secrets;
  readonly deck: Deck;
  /** Answers that were given before; a recording that is played has its own. */
  readonly cache: ContentCache | undefined;
  readonly budget: Budget | undefined;
  readonly patience: Partial<Patience> | undefined;
  readonly signal: AbortSignal | undefined;
};
