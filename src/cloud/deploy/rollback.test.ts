import { expect, test } from 'vitest';
import type { AgentDetails } from '../api/agent-answers.ts';
import { rollbackCommand } from './rollback.ts';

const before = (spec: NonNullable<NonNullable<NonNullable<AgentDetails['deployment']>['manifest']>['spec']>, scaling?: AgentDetails['autoScaling']): AgentDetails => ({
  name: 'sales',
  autoScaling: scaling,
  deployment: { manifest: { spec } },
});

test('the way back names the image and the scaling that ran before', () => {
  const agent = before({ image: 'registry.example/acme/bottalk:1' }, { minReplicas: 0, maxReplicas: 5 });
  expect(rollbackCommand('sales', agent)).toBe('bottalk deploy --agent-name sales --image registry.example/acme/bottalk:1 --min-agents 0 --max-agents 5');
});

test('the way back names the profile that ran, which the deploy file may have changed', () => {
  const agent = { ...before({ image: 'registry.example/acme/bottalk:1' }), agentProfile: 'agent-1x' };
  expect(rollbackCommand('sales', agent)).toBe('bottalk deploy --agent-name sales --image registry.example/acme/bottalk:1 --profile agent-1x');
  expect(rollbackCommand('sales', { ...agent, agentProfile: 'a; rm' })).not.toContain('rm');
});

test('of a build it names the build, if that is told', () => {
  expect(rollbackCommand('sales', before({ image: '[redacted]', buildId: 'b-1' }))).toBe('bottalk deploy --agent-name sales --build-id b-1');
  expect(rollbackCommand('sales', before({ image: '[redacted]' }))).toBeUndefined();
});

test('what would mean something else to a shell is not told', () => {
  expect(rollbackCommand('sales', before({ buildId: 'b; rm -rf /' }))).toBeUndefined();
  expect(rollbackCommand('sales', { name: 'sales' })).toBeUndefined();
});
