import { expect, test } from 'vitest';
import { registryAddress, registryCredentials } from './registry-credentials.ts';

test('a registry is called by its host or its address', () => {
  expect(registryAddress('registry.example')).toBe('https://registry.example');
  expect(registryAddress('https://registry.example:5000/')).toBe('https://registry.example:5000');
  for (const name of ['docker.io', 'https://index.docker.io/v1/', 'registry-1.docker.io']) expect(registryAddress(name)).toBe('https://index.docker.io/v1/');
  for (const bad of ['', 'me:token@registry.example']) expect(() => registryAddress(bad)).toThrow(/^--host: expected the address of a registry, such as registry\.example$/);
});

test('credentials are a name without a colon and a token without blanks around it', () => {
  expect(registryCredentials({ username: 'me', token: ' tok\n' })).toEqual({ username: 'me', token: 'tok' });
  expect(() => registryCredentials({ username: undefined, token: 'tok' })).toThrow('who pulls the image is not said');
  expect(() => registryCredentials({ username: 'me:you', token: 'tok' })).toThrow('a user name of a registry holds no colon');
  expect(() => registryCredentials({ username: 'me', token: '\n' })).toThrow('there is no token to pull the image with');
});
