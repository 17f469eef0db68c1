import { expect, test } from 'vitest';
import { cloudKeys, neededKey } from './keys.ts';

test('each key has two names, of which the first wins', () => {
  const { private: secret, public: open, baseUrl } = cloudKeys({ PIPECAT_CLOUD_PRIVATE_API_KEY: 'a', PCC_PUBLIC_KEY: 'b', PIPECAT_CLOUD_PUBLIC_API_KEY: 'c' });
  expect(secret).toEqual({ name: 'PIPECAT_CLOUD_PRIVATE_API_KEY', value: 'a' });
  expect(open).toEqual({ name: 'PCC_PUBLIC_KEY', value: 'b' });
  expect(baseUrl).toBe('https://api.pipecat.daily.co/v1');
});

test('one that is not there is asked for by both', () => {
  expect(() => neededKey(cloudKeys({}), 'public', 'starting a session')).toThrow(
    /^starting a session needs PCC_PUBLIC_KEY or PIPECAT_CLOUD_PUBLIC_API_KEY \(put it into \.env\.local or the environment\)$/,
  );
});

test('one that cannot be one is told by its name', () => {
  expect(() => cloudKeys({ PCC_PUBLIC_KEY: 'planted\nkey' })).toThrow(/^PCC_PUBLIC_KEY holds a blank or a character that no key has \(mend it in \.env\.local or the environment\)$/);
});

test.each(['https://cloud.example/v1/', 'http://127.0.0.1:8080/v1', 'http://localhost:1/v1', 'http://[::1]:1/v1'])('%s is an address', (address) => {
  expect(cloudKeys({ PCC_BASE_URL: address }).baseUrl).toBe(address.replace(/\/$/, ''));
});

test.each([
  ['here', 'the address of Pipecat Cloud cannot be read'],
  ['ftp://a.example', 'the address of Pipecat Cloud cannot be read'],
  ['https://me:planted@a.example/v1', 'the address of Pipecat Cloud may hold no user name, password or query'],
  ['https://a.example/v1?key=planted', 'the address of Pipecat Cloud may hold no user name, password or query'],
  ['http://a.example/v1', 'keys are not sent to another machine without encryption'],
])('%s is none, and is not repeated', (address, words) => {
  const read = (): unknown => cloudKeys({ PCC_BASE_URL: address });
  expect(read).toThrow(words);
  expect(read).not.toThrow('planted');
});
