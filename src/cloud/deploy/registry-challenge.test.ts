import { expect, test } from 'vitest';
import { readChallenge } from './registry-challenge.ts';

test.each([
  ['Bearer realm="https://auth.example/token",service="registry.example",scope="repository:acme/bottalk:pull"', { scheme: 'bearer', realm: 'https://auth.example/token', service: 'registry.example', scope: 'repository:acme/bottalk:pull' }],
  ['BASIC realm=registry', { scheme: 'basic', realm: 'registry', service: undefined, scope: undefined }],
  ['Bearer realm="a \\"quoted\\" one", error="invalid_token"', { scheme: 'bearer', realm: 'a "quoted" one', service: undefined, scope: undefined }],
  ['', undefined],
  [null, undefined],
])('%j', (header, challenge) => {
  expect(readChallenge(header)).toEqual(challenge);
});
