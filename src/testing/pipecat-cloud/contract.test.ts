import { expect, test } from 'vitest';
import { Contract } from './contract.ts';

const contract = new Contract();
const faults = (method: string, path: string, body?: unknown, query = ''): string[] =>
  contract.faultsOfRequest({ method, path, query: new URLSearchParams(query), body });

test('what is as described has no faults', () => {
  expect(faults('POST', '/agents', { serviceName: 'sales', image: 'a/b:1', krispViva: { audioFilter: null } })).toEqual([]);
  expect(faults('POST', '/builds/upload-url', { region: 'us-west' })).toEqual([]);
  expect(faults('GET', '/agents/sales/logs', undefined, 'limit=5&order=asc')).toEqual([]);
  expect(faults('POST', '/public/sales/start', { body: { room_url: 'x' } })).toEqual([]);
  expect(faults('GET', '/public/sales/sessions/0b2ff1a6-2c53-4a3f-8d1c-0f6f3bd8d001/metrics/summary')).toEqual([]);
});

test('what is misspelt, missing, of the wrong kind or twice is found', () => {
  expect(faults('POST', '/agents', { serviceName: 'sales', image: 'a/b:1', autoscaling: {} })).toHaveLength(1);
  expect(faults('POST', '/agents', { serviceName: 'sales', autoScaling: { min: 1 }, image: 'i' })).toHaveLength(1);
  expect(faults('POST', '/agents', { serviceName: 'sales' })).toEqual(['POST /agents: neither an image nor a build']);
  expect(faults('POST', '/agents/sales', { image: 'i', buildId: '0b2ff1a6-2c53-4a3f-8d1c-0f6f3bd8d001' })).toEqual(['POST /agents/sales: an image and a build at once']);
  expect(faults('POST', '/agents/sales', { maxSessionDuration: 5 })).toHaveLength(1);
  expect(faults('PUT', '/secrets/sales', { secrets: [] }).length).toBeGreaterThan(0);
  expect(faults('GET', '/agents/sales/logs', undefined, 'limit=ten')).toHaveLength(1);
  expect(faults('GET', '/agents/sales/logs', undefined, 'lines=5')).toEqual(['GET /agents/sales/logs: lines is no parameter']);
  expect(faults('DELETE', '/agents/sales/sessions/7')).toHaveLength(1);
  expect(faults('POST', '/public/sales/stop', {})).toEqual(['POST /public/sales/stop: there is no such operation']);
});
