/**
 * What an agent does while its peer holds the floor: breaks in, shows that it listens, makes a sound, or talks to
 * somebody else. The same mechanism serves scripted and living brains; what is drawn comes from the seed.
 */
import type { Random } from '../base/random.ts';

/** Words heard: a compiled pattern. */
export type HeardPattern = (text: string) => boolean;

/** Something said without taking the floor, after each stretch of the peer's speech, with a chance. */
export type SideSpeech = { readonly everyMs: number; readonly words: readonly string[]; readonly chance: number };

export type Manners = {
  readonly bargeIn?: { readonly on?: HeardPattern; readonly afterMs?: number; readonly chance: number } | undefined;
  readonly backchannel?: SideSpeech | undefined;
  readonly tic?: SideSpeech | undefined;
  readonly aside?: SideSpeech | undefined;
};

export type Manner = { readonly kind: 'barge_in' } | { readonly kind: 'backchannel' | 'tic' | 'aside'; readonly text: string };

const SIDE_KINDS = ['backchannel', 'tic', 'aside'] as const;

/** The plan for one stretch of the peer's holding the floor. */
export class TurnManners {
  readonly #bargeIns: NonNullable<Manners['bargeIn']>[];
  #text = '';
  readonly #sides: { readonly kind: (typeof SIDE_KINDS)[number]; readonly speech: SideSpeech; readonly random: Random; nextMs: number }[];

  /** `plans`: what the brain plans for this turn before what the agent always does. */
  constructor(plans: readonly Manners[], random: Random) {
    this.#bargeIns = plans.flatMap((plan) => plan.bargeIn ?? []).filter((bargeIn) => random.chance(bargeIn.chance));
    this.#sides = SIDE_KINDS.flatMap((kind) => {
      const speech = plans.find((plan) => plan[kind])?.[kind];
      return speech ? [{ kind, speech, random: random.fork(kind), nextMs: speech.everyMs }] : [];
    });
  }

  /** Nothing will ever be done. */
  get isEmpty(): boolean {
    return this.#bargeIns.length === 0 && this.#sides.length === 0;
  }

  /** What to do now, after so much of the peer's speech and with so much of it understood. */
  next(speechMs: number, text: string): Manner | undefined {
    const hasNewText = text !== this.#text;
    this.#text = text;
    const bargeIn = this.#bargeIns.find(({ on, afterMs }) => (afterMs === undefined ? hasNewText && on?.(text) : speechMs >= afterMs));
    if (bargeIn) {
      this.#bargeIns.length = 0;
      return { kind: 'barge_in' };
    }
    for (const side of this.#sides) {
      if (speechMs < side.nextMs) continue;
      // Chances that could not be taken are lost: two signs of listening in a row would be none.
      side.nextMs = speechMs + side.speech.everyMs;
      if (side.random.chance(side.speech.chance)) return { kind: side.kind, text: side.random.pick(side.speech.words) };
    }
    return undefined;
  }
}
