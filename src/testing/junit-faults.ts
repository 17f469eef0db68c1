/** What xmllint says against JUnit reports that are held against the schema beside this file. */
import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';
import { invariant } from '../base/errors.ts';

const SCHEMA = { fileName: 'junit.xsd', contents: readFileSync(new URL('junit.xsd', import.meta.url), 'utf8') };

/** For each report one sentence per fault, with its line; none for one that is well-formed and valid. */
export async function junitFaults(reports: readonly string[]): Promise<readonly (readonly string[])[]> {
  const xml = reports.map((contents, n) => ({ fileName: `report-${n}.xml`, contents }));
  const { errors, rawOutput } = await validateXML({ xml, schema: SCHEMA });
  return xml.map(({ fileName }) => {
    const faults = errors.flatMap(({ loc, message }) => (loc?.fileName === fileName ? `line ${loc.lineNumber}: ${message}` : []));
    // It says of each file that it was looked at and what came of it.
    invariant(faults.length > 0 || rawOutput.split('\n').includes(`${fileName} validates`), rawOutput);
    return faults;
  });
}
