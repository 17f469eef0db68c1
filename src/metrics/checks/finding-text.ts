/** What became of an expectation, in one line: `expected talk_over <= 5 %: 7.2 % (turn 3, 12.4 s)`. */
import { displayable } from '../../base/display-text.ts';
import type { CheckResult } from './check.ts';

export function findingText({ expected, outcome, saw, place }: CheckResult): string {
  const turn = place?.turn === null || place?.turn === undefined ? undefined : `turn ${place.turn}`;
  const at = place?.atMs === null || place?.atMs === undefined ? undefined : `${(place.atMs / 1000).toFixed(1)} s`;
  // The turn is part of what was seen where words are quoted.
  const where = [saw.startsWith('turn ') ? undefined : turn, at].filter((part) => part !== undefined).join(', ');
  // Words come from files and models, and could hold what steers a terminal.
  return displayable(`expected ${expected}: ${outcome === 'not_reached' ? 'not reached, ' : ''}${saw}${where === '' ? '' : ` (${where})`}`);
}
