import { expect, test } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { ingestAddress } from './address.ts';

test('an address is used as it is', () => {
  expect(ingestAddress('https://metrics.example.com:8443/api/metrics?key=k1')).toEqual({
    url: 'https://metrics.example.com:8443/api/metrics?key=k1',
    host: 'metrics.example.com:8443',
    authorization: undefined,
  });
});

test('a user and a password become a header', () => {
  const address = ingestAddress('http://me:p%40ss%@localhost:9/x');
  expect(address.url).toBe('http://localhost:9/x');
  expect(Buffer.from(address.authorization?.replace('Basic ', '') ?? '', 'base64').toString()).toBe('me:p%40ss%');
  expect(ingestAddress('http://me:p%40ss@localhost/').authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  expect(ingestAddress('http://token@localhost/').authorization).toBe(`Basic ${Buffer.from('token:').toString('base64')}`);
});

test.each(['localhost:8000/metrics', 'ftp://localhost/', 'http://', 'file:///etc/passwd', 's3cret', '://'])(
  '%j is refused without being repeated',
  (text) => {
    let thrown: unknown;
    try {
      ingestAddress(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UsageError);
    expect((thrown as UsageError).message).toBe(
      'METRICS_INGEST_URL is no address that records can be posted to (it begins with http:// or https://; leave it out to post nothing)',
    );
  },
);
