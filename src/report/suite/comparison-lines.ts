/** A comparison with a baseline, as a table of what changed; what did not change is counted, not listed. */
import { counted } from '../../base/figure-text.ts';
import type { Comparison, FigureChange } from '../../metrics/baseline.ts';
import { effectOf, measureOf, roleOf } from '../../metrics/compared-figures.ts';
import type { Unit } from '../../metrics/checks/measures.ts';
import type { ChangeRow, ComparedStory } from '../../metrics/pages/suite-document.ts';
import { type Paint, painter } from '../paint.ts';
import { narrowTable, wrap } from '../text-columns.ts';

/** What terminals and logs are wide, without the indentation. */
const COLUMNS = 78;

/** The same for who lays it out: figures as they are printed, worse ones first, and the sentences around them. */
export function comparedStory(comparison: Comparison, name: string): ComparedStory {
  const { turned, changes, can_tell: canTell } = comparison;
  const rows = changes.toSorted((a, b) => rank(a) - rank(b)).map(changeRow);
  const changed = rows.filter(({ judgement }) => judgement !== 'same').length;
  const notes = [...(canTell ? [unchanged(changes.length, changed), ...blindness(comparison)] : tooFew(comparison)), ...oneSided(comparison)];
  return { name, pairs: pairsOf(comparison), notes, turned, changes: rows };
}

export function comparisonText(comparison: Comparison, { name, colour }: { readonly name: string; readonly colour: boolean }): string {
  const paint = painter(colour);
  const { turned, changes, can_tell: canTell } = comparison;
  const rows = changes.filter(({ judgement }) => judgement !== 'same').toSorted((a, b) => rank(a) - rank(b));
  const lines = [
    ...turned.flatMap(({ id, before, after }) => hanging(`${id}: was ${before}, is ${after}`)),
    ...(canTell ? [] : tooFew(comparison).flatMap(hanging)),
    ...changeTable(rows, paint),
    ...rows.flatMap(whereItShows).flatMap(hanging),
    ...oneSided(comparison).flatMap(hanging),
    ...(canTell ? [unchanged(changes.length, rows.length), ...blindness(comparison).flatMap(hanging).map((line) => paint('dim', line))] : []),
  ];
  return `compared with ${name}: ${pairsOf(comparison)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function pairsOf({ pairs, strangers, unpaired }: Comparison): string {
  const apart = unpaired === 0 ? '' : `, ${counted(unpaired, 'case')} without a partner`;
  return `${counted(pairs, 'pair')}${strangers === 0 ? '' : ` (${strangers} of different seeds)`}${apart}`;
}

function tooFew({ pairs, independent, pairs_needed: needed }: Comparison): string[] {
  const shared = independent < pairs ? [`many pairs share their latencies, so they count as ${independent} (more draws: --jitter-seeds)`] : [];
  return [`fewer than ${needed} pairs: nothing can be significant (more seeds: --repeat ${needed})`, ...shared];
}

function rank({ judgement }: FigureChange): number {
  return ['worse', 'better', 'same'].indexOf(judgement);
}

function changeTable(changes: readonly FigureChange[], paint: Paint): string[] {
  if (changes.length === 0) return [];
  const head = ['', 'before', 'after', 'difference', '95 % interval', 'p', ''];
  const rows = changes.map((change) => {
    const { figure, before, after, difference, interval, p, judgement } = changeRow(change);
    return [figure, before, after, difference, interval, p, judgement];
  });
  return narrowTable([head, ...rows], COLUMNS).flatMap((lines, i) =>
    lines.map((line) => (i === 0 ? paint('dim', line) : changes[i - 1]?.judgement === 'worse' ? paint('red', line) : line)),
  );
}

/** A sentence that goes on below is set in there, so that one sees where the next begins. */
function hanging(sentence: string): string[] {
  return wrap(sentence, COLUMNS - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}

function changeRow(change: FigureChange): ChangeRow {
  const { figure, before, after, difference, interval: [low, high], adjusted_p: p, judgement } = change;
  const show = shownIn(effectOf(figure).unit);
  const signed = (value: number): string => `${value > 0 && show(value) !== show(0) ? '+' : ''}${show(value)}`;
  return {
    figure,
    before: show(before),
    after: show(after),
    difference: signed(difference),
    interval: `${signed(low)} to ${signed(high)}`,
    p: p < 0.001 ? '< 0.001' : p.toFixed(3),
    judgement,
    where: whereItShows(change).join(''),
  };
}

function whereItShows({ figure, most }: FigureChange): string[] {
  if (most === null) return [];
  const show = shownIn(effectOf(figure).unit);
  const { id, before, after, turn } = most;
  const inTurn = turn === null ? '' : `; turn ${turn.turn} came after ${milliseconds(turn.gap_after)}, not ${milliseconds(turn.gap_before)}`;
  return [`${figure} shows most in ${id}: ${show(before)} to ${show(after)}${inTurn}`];
}

function unchanged(figures: number, changed: number): string {
  return changed === 0 ? `none of ${counted(figures, 'figure')} got worse or better beyond chance` : `${figures - changed} of ${counted(figures, 'figure')} did not change beyond chance`;
}

function oneSided({ one_sided: figures }: Comparison): string[] {
  return figures.length === 0 ? [] : [`measured on one side only, and not compared: ${figures.join(', ')}`];
}

/** What a comparison of so many pairs can see, for the latencies of the agent under test. */
function blindness({ pairs, changes }: Comparison): string[] {
  const shown = changes.filter(({ figure, detectable }) => roleOf(figure) === 'system' && effectOf(figure).unit === 'ms' && detectable !== null);
  if (shown.length === 0) return [];
  const parts = shown.map(({ figure, detectable }) => `${measureOf(figure)} by ${milliseconds(Math.max(detectable ?? 0, effectOf(figure).smallest))}`);
  return [`${counted(pairs, 'pair')} would show, four times in five, a change of the system's ${parts.join(', ')}`];
}

function shownIn(unit: Unit): (value: number) => string {
  switch (unit) {
    case 'ms':
      return milliseconds;
    case 'share':
      return (value) => `${trimmed(100 * value, 1)} %`;
    case 'secs':
      return (value) => `${trimmed(value, 1)} s`;
    case 'number':
    case 'count':
      return (value) => trimmed(value, 3);
  }
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}

/** Without zeros at the end, and without a sign where nothing is left. */
function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)) + 0);
}
