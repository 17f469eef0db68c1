/**
 * Carries an agent's manners out: while the peer holds the floor and the agent has nothing else to do, it may break
 * in, or say a word that takes no floor. Side words are no replies: they are not remembered and nothing stops them.
 */
import type { Random } from '../base/random.ts';
import { type Manner, type Manners, TurnManners } from './manners.ts';
import type { Floor } from './peer-floor.ts';
import { Speech, type SpeechDeps } from './speech.ts';

export type InterjectionsOptions = {
  /** Short form of the agent's name, for ids. */
  readonly slug: string;
  readonly speech: SpeechDeps;
  readonly random: Random;
  /** What the agent always does. */
  readonly manners: Manners;
  /** What it plans to do while the peer speaks now. */
  readonly planned: () => Manners;
  readonly onBargeIn: () => void;
};

export class Interjections {
  readonly #options: InterjectionsOptions;
  #plan: TurnManners | undefined;
  #speech: Speech | undefined;
  #count = 0;

  constructor(options: InterjectionsOptions) {
    this.#options = options;
  }

  /** The agent itself is heard. */
  floorTaken(): void {
    this.#plan = undefined;
  }

  /** A reply is being made ready: side words that have not begun to sound would only stand in its way. */
  giveWay(): void {
    if (this.#speech && !this.#speech.started) this.stop();
  }

  /**
   * Called at each tick of a turn of the peer at which the agent is free to interject. The plan is made once, and
   * holds until the agent is heard again.
   */
  tick(turnId: string, floorNow: () => Floor | undefined): void {
    if (this.#speech) return;
    const { planned, manners, random } = this.#options;
    this.#plan ??= new TurnManners([planned(), manners], random.fork(turnId));
    if (this.#plan.isEmpty) return;
    const floor = floorNow();
    const manner = floor && this.#plan.next(floor.speechMs, floor.text);
    if (manner?.kind === 'barge_in') this.#options.onBargeIn();
    else if (manner) this.#say(manner);
  }

  stop(): void {
    this.#speech?.cancel();
  }

  #say({ kind, text }: Exclude<Manner, { kind: 'barge_in' }>): void {
    this.#count += 1;
    const utteranceId = `${this.#options.slug}-s${this.#count}`;
    this.#speech = new Speech(this.#options.speech, { utteranceId, replyId: null, kind, onStopped: () => (this.#speech = undefined) });
    this.#speech.send(text);
    this.#speech.end();
  }
}
