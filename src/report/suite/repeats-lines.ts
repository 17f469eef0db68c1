/** What repeated runs say of each scenario: its rate, what that rate can be, and whether it can be relied on. */
import { columnsOf } from '../../base/display-text.ts';
import type { RepeatedScenario } from '../../metrics/repeats.ts';
import { percent } from '../figures.ts';
import { table, wrap } from '../text-columns.ts';

/** What terminals and logs are wide, without the indentation. A scenario's name can be longer than that alone. */
const COLUMNS = 78;

/** More seeds than that say nothing new in a line. */
const MOST_SEEDS = 5;

/** Empty where nothing was run more than once. */
export function repeatsText(repeated: readonly RepeatedScenario[]): string {
  if (repeated.length === 0) return '';
  const head = ['repeated', 'passed', '95 % interval', 'pass@3', 'pass^3', ''];
  const rows = repeated.map(({ passes, runs, broken, interval: [low, high], pass_at_3, pass_hat_3, flaky, ...scenario }) => [
    nameOf(scenario),
    `${passes}/${runs}${broken === 0 ? '' : ` (+${broken} broken)`}`,
    runs === 0 ? '-' : `${percent(low)} to ${percent(high)}`,
    percent(pass_at_3),
    percent(pass_hat_3),
    flaky ? 'flaky' : '',
  ]);
  const failed = repeated.filter(({ flaky }) => flaky).map((scenario) => `${nameOf(scenario)} failed with ${seedsOf(scenario.failed_with)}`);
  return `\n${[...narrow(head, rows), ...failed.flatMap((line) => wrap(line, COLUMNS))].map((line) => `  ${line}\n`).join('')}`;
}

/** A name that would make the table too wide has lines of its own, above its figures. */
function narrow(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const figures = table([head, ...rows].map(([, ...rest]) => ['', ...rest]));
  const room = COLUMNS - Math.max(...figures.map(columnsOf));
  const isLong = ([name = '']: readonly string[]): boolean => columnsOf(name) > room;
  const lines = table([head, ...rows].map((row) => (isLong(row) ? ['', ...row.slice(1)] : row)));
  return lines.flatMap((line, i) => {
    const row = rows[i - 1];
    return row && isLong(row) ? [...wrap(row[0] ?? '', COLUMNS), line] : [line];
  });
}

function nameOf({ file, variant }: Pick<RepeatedScenario, 'file' | 'variant'>): string {
  return [file, ...Object.entries(variant).map(([key, value]) => `${key}=${value}`)].join(' ');
}

function seedsOf(seeds: readonly string[]): string {
  const more = seeds.length - MOST_SEEDS;
  return `${seeds.slice(0, MOST_SEEDS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
