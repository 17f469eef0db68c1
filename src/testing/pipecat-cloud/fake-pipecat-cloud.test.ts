import { expect, test } from 'vitest';
import { FakePipecatCloud } from './fake-pipecat-cloud.ts';

test('a request that is not as described fails the test that made it', async () => {
  const fake = await FakePipecatCloud.start();
  const headers = { authorization: `Bearer ${fake.privateKey}`, 'content-type': 'application/json' };
  await fetch(`${fake.url}/agents`, { method: 'POST', headers, body: JSON.stringify({ serviceName: 'sales', image: 'i:1', autoscaling: {} }) });
  await fetch(`${fake.url}/agents/sales/stop`, { method: 'POST', headers });
  await expect(fake.close()).rejects.toThrow(
    /^not as Pipecat Cloud describes it:\nPOST \/agents: it must NOT have additional properties .*autoscaling.*\nPOST \/agents\/sales\/stop: there is no such operation$/,
  );
});

test('what it answers is as described too', async () => {
  const fake = await FakePipecatCloud.start();
  fake.agents.script = [() => ({ ready: 'yes' })];
  const headers = { authorization: `Bearer ${fake.privateKey}`, 'content-type': 'application/json' };
  await fetch(`${fake.url}/agents`, { method: 'POST', headers, body: JSON.stringify({ serviceName: 'sales', image: 'i:1' }) });
  await expect(fake.close()).rejects.toThrow('POST /agents answered 200: /ready must be boolean');
});
