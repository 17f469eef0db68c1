/** What the cases of a test run say together, below them: how often repeats pass, and how they compare with a baseline. */
import { repeatedScenarios } from '../../metrics/repeats.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';
import { comparisonText } from './comparison-lines.ts';
import { repeatsText } from './repeats-lines.ts';
import type { ComparedWith } from './suite-sink.ts';

/** Empty where nothing was repeated or compared. */
export function conclusionsText(
  { cases }: Pick<SuiteResult, 'cases'>,
  { compared, colour }: { readonly compared: ComparedWith | undefined; readonly colour: boolean },
): string {
  const comparison = compared ? comparisonText(compared.comparison, { name: compared.name, colour }) : '';
  return `${repeatsText(repeatedScenarios(cases))}${comparison}`;
}
