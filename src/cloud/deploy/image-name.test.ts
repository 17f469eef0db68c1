import { expect, test } from 'vitest';
import { isMutable, readImageName } from './image-name.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

test.each([
  ['node', 'docker.io', 'library/node', 'latest', undefined],
  ['acme/bottalk:4f2a91c', 'docker.io', 'acme/bottalk', '4f2a91c', undefined],
  ['registry.example:5000/acme/voice/bottalk:1.2.3', 'registry.example:5000', 'acme/voice/bottalk', '1.2.3', undefined],
  ['localhost/bottalk', 'localhost', 'bottalk', 'latest', undefined],
  [`registry.example/bottalk@${digest}`, 'registry.example', 'bottalk', undefined, digest],
  [`registry.example/bottalk:1@${digest}`, 'registry.example', 'bottalk', '1', digest],
])('%s', (name, host, repository, tag, itsDigest) => {
  expect(readImageName(name)).toEqual({ host, repository, tag, digest: itsDigest });
});

test.each(['', 'Acme/bottalk', 'acme/bottalk:', 'acme//bottalk', 'acme/bottalk@sha256:12', 'https://registry.example/bottalk', 'a b', 'x@y@z'])('%j names no image', (name) => {
  expect(readImageName(name)).toBeUndefined();
});

test.each([
  ['bottalk', true],
  ['bottalk:latest', true],
  ['bottalk:main', true],
  ['bottalk:1.2', true],
  ['bottalk:1.2.3', false],
  ['bottalk:4f2a91c', false],
  [`bottalk:latest@${digest}`, false],
])('%s may name another image tomorrow: %s', (name, mutable) => {
  const read = readImageName(name);
  expect(read && isMutable(read)).toBe(mutable);
});
