/** results.json as text: laid out to be read and compared line by line, with lists of numbers in one line each. */
import type { SuiteResult } from '../../metrics/suite-result.ts';

export function resultsJson(result: SuiteResult): string {
  const text = JSON.stringify(result, null, 2);
  // Texts hold no line break that is not escaped, so this can only be a list.
  return `${text.replace(/\[\n\s+((?:-?[\d.]+|null)(?:,\n\s+(?:-?[\d.]+|null))*)\n\s+\]/g, (_, items: string) => `[${items.replace(/\n\s+/g, ' ')}]`)}\n`;
}
