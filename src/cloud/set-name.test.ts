import { expect, test } from 'vitest';
import { readDeployFile } from './deploy/deploy-file.ts';
import { checkSetName } from './secrets/store-secrets.ts';

const readings = {
  'bottalk secrets': checkSetName,
  'the deploy file': (name: string) => readDeployFile('pcc-deploy.toml', `secret_set = "${name}"\nimage_credentials = "${name}"`),
};

test.each(Object.entries(readings))('%s takes the names of sets that Pipecat Cloud takes, and no others', (_, read) => {
  for (const name of ['abc', 'bottalk-keys', 'eu.sales-2', `a${'b'.repeat(62)}`]) expect(() => read(name), name).not.toThrow();
  for (const name of ['ab', '-abc', 'abc-', 'a..b', 'a.-b', 'Sales', 'a_b', 'a b', `a${'b'.repeat(63)}`]) {
    expect(() => read(name), name).toThrow('3 to 63 lower-case letters and digits, with hyphens and dots inside');
  }
});
