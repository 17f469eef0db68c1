/** Manners as a scenario file says them, made ready for an agent. */
import type { Manners, SideSpeech } from '../../pipeline/manners.ts';
import { compilePattern } from '../../base/pattern.ts';
import type { ScriptLine } from '../../scenarios/schema.ts';

type MannersFile = Partial<Pick<ScriptLine, 'barge_in' | 'backchannel' | 'tic' | 'aside'>>;

export function compileManners({ barge_in: bargeIn, backchannel, tic, aside }: MannersFile): Manners {
  return { bargeIn: bargeIn && compileBargeIn(bargeIn), backchannel: compileSide(backchannel), tic: compileSide(tic), aside: compileSide(aside) };
}

function compileBargeIn({ on, after, chance }: NonNullable<MannersFile['barge_in']>): NonNullable<Manners['bargeIn']> {
  const pattern = on === undefined ? undefined : compilePattern(on);
  return {
    chance,
    ...(pattern ? { on: (text: string) => pattern.test(text) } : {}),
    ...(after === undefined ? {} : { afterMs: after * 1000 }),
  };
}

function compileSide(side: MannersFile['backchannel']): SideSpeech | undefined {
  return side && { everyMs: side.every * 1000, words: side.words, chance: side.chance };
}
