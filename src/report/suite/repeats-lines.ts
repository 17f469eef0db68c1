/** What repeated runs say of each scenario: its rate, what that rate can be, and whether it can be relied on. */
import type { RepeatedScenario } from '../../metrics/repeats.ts';
import { percent } from '../figures.ts';
import { table } from '../text-columns.ts';

/** Empty where nothing was run more than once. */
export function repeatsText(repeated: readonly RepeatedScenario[]): string {
  if (repeated.length === 0) return '';
  const head = ['scenario', 'passed', '95 %', 'one of 3', 'all of 3', ''];
  const rows = repeated.map(({ file, variant, passes, runs, broken, interval: [low, high], pass_at_3, pass_hat_3, flaky }) => [
    [file, ...Object.entries(variant).map(([key, value]) => `${key}=${value}`)].join(' '),
    `${passes}/${runs}${broken === 0 ? '' : ` (+${broken} broken)`}`,
    `${percent(low)} to ${percent(high)}`,
    percent(pass_at_3),
    percent(pass_hat_3),
    flaky ? 'flaky' : '',
  ]);
  return `${table([head, ...rows]).map((line) => `  ${line}`).join('\n')}\n`;
}
