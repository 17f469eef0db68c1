/** What repeated runs say of each scenario: its rate, what that rate can be, and whether it can be relied on. */
import type { RepeatedScenario } from '../../metrics/repeats.ts';
import { percent } from '../figures.ts';
import { narrowTable, wrap } from '../text-columns.ts';

/** What terminals and logs are wide, without the indentation. A scenario's name can be longer than that alone. */
const COLUMNS = 78;

/** More seeds than that say nothing new in a line. */
const MOST_SEEDS = 5;

/** Empty where nothing was run more than once. */
export function repeatsText(repeated: readonly RepeatedScenario[]): string {
  if (repeated.length === 0) return '';
  const table = narrowTable([REPEATS_HEAD, ...repeatRows(repeated)], COLUMNS).flat();
  return `\n${[...table, ...flakyLines(repeated).flatMap((line) => wrap(line, COLUMNS))].map((line) => `  ${line}\n`).join('')}`;
}

export const REPEATS_HEAD: readonly string[] = ['repeated', 'passed', '95 % interval', 'pass@3', 'pass^3', ''];

/** A row for each scenario, under REPEATS_HEAD. */
export function repeatRows(repeated: readonly RepeatedScenario[]): string[][] {
  return repeated.map(({ passes, runs, broken, interval: [low, high], pass_at_3, pass_hat_3, flaky, ...scenario }) => [
    nameOf(scenario),
    `${passes}/${runs}${broken === 0 ? '' : ` (+${broken} broken)`}`,
    runs === 0 ? '-' : `${percent(low)} to ${percent(high)}`,
    percent(pass_at_3),
    percent(pass_hat_3),
    flaky ? 'flaky' : '',
  ]);
}

/** With which seeds those failed that do not always. */
export function flakyLines(repeated: readonly RepeatedScenario[]): string[] {
  return repeated.filter(({ flaky }) => flaky).map((scenario) => `${nameOf(scenario)} failed with ${seedsOf(scenario.failed_with)}`);
}

function nameOf({ file, variant }: Pick<RepeatedScenario, 'file' | 'variant'>): string {
  return [file, ...Object.entries(variant).map(([key, value]) => `${key}=${value}`)].join(' ');
}

function seedsOf(seeds: readonly string[]): string {
  const more = seeds.length - MOST_SEEDS;
  return `${seeds.slice(0, MOST_SEEDS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
