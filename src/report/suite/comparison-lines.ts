/** A comparison with a baseline, as a table of what changed; what did not change is counted, not listed. */
import type { Comparison, FigureChange } from '../../metrics/baseline.ts';
import { type Paint, painter } from '../paint.ts';
import { table } from '../text-columns.ts';

export function comparisonText(comparison: Comparison, { name, colour }: { readonly name: string; readonly colour: boolean }): string {
  const paint = painter(colour);
  const { pairs, unpaired, can_tell: canTell, changes, turned } = comparison;
  const apart = unpaired === 0 ? '' : `, ${unpaired} case${unpaired === 1 ? '' : 's'} without a partner`;
  const lines = [`compared with ${name}: ${pairs} pair${pairs === 1 ? '' : 's'}${apart}`];
  for (const { id, before, after } of turned) lines.push(`  ${id}: was ${before}, is ${after}`);
  if (!canTell) lines.push('  fewer than 6 pairs: no difference can be told from chance (more seeds: --repeat)');
  const rows = changes.filter(({ judgement }) => judgement !== 'same');
  lines.push(...(rows.length > 0 ? changeTable(rows, paint) : canTell ? [`  no figure of ${changes.length} got worse or better beyond chance`] : []));
  const blind = changes.find(({ figure }) => figure === 'system response_latency p50')?.detectable;
  if (canTell && blind) lines.push(paint('dim', `  so many pairs would show a change of ${blind.toFixed(0)} ms in the system's response latency four times in five`));
  return `${lines.join('\n')}\n`;
}

function changeTable(changes: readonly FigureChange[], paint: Paint): string[] {
  const head = ['figure', 'before', 'after', 'difference', '95 %', 'p', ''];
  const rows = changes.map(({ figure, before, after, difference, interval: [low, high], adjusted_p: p, judgement }) => [
    figure,
    short(before),
    short(after),
    signed(difference),
    `${signed(low)} to ${signed(high)}`,
    p.toFixed(3),
    judgement,
  ]);
  return table([head, ...rows]).map((line, i) => `  ${i === 0 ? paint('dim', line) : changes[i - 1]?.judgement === 'worse' ? paint('red', line) : line}`);
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3).replace(/\.?0+$/, '');
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${short(value)}`;
}
