/** What repeated runs say of each scenario: its rate, what that rate can be, and whether it can be relied on. */
import type { RepeatedScenario } from '../../metrics/repeats.ts';
import { percent } from '../figures.ts';
import { table } from '../text-columns.ts';

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
  return `\n${[...table([head, ...rows]), ...failed].map((line) => `  ${line}\n`).join('')}`;
}

function nameOf({ file, variant }: Pick<RepeatedScenario, 'file' | 'variant'>): string {
  return [file, ...Object.entries(variant).map(([key, value]) => `${key}=${value}`)].join(' ');
}

function seedsOf(seeds: readonly string[]): string {
  const more = seeds.length - MOST_SEEDS;
  return `${seeds.slice(0, MOST_SEEDS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
