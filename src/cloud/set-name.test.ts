import { expect, test } from 'vitest';
import { readDeployFile } from './deploy/deploy-file.ts';
import { checkSetName } from './secrets/store-secrets.ts';

const NAMES = ['abc', 'bottalk-keys', 'eu.sales-2', `a${'b'.repeat(62)}`];
const OTHERS = ['ab', '-abc', 'abc-', 'a..b', 'a.-b', 'Sales', 'a_b', 'a b', `a${'b'.repeat(63)}`];

test.each([
  ['bottalk secrets', checkSetName],
  ['the deploy file', (name: string) => void readDeployFile('pcc-deploy.toml', `secret_set = "${name}"`)],
])('%s takes the names of sets that Pipecat Cloud takes, and no others', (_, read) => {
  const refusal = (name: string): string | undefined => {
    try {
      read(name);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect([...NAMES, ...OTHERS].filter((name) => refusal(name) === undefined)).toEqual(NAMES);
  expect(refusal('a..b')).toContain('3 to 63 lower-case letters and digits, with hyphens and dots inside');
});
