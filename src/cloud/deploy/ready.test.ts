import { describe, expect, test } from 'vitest';
import type { AgentDetails } from '../api/agent-answers.ts';
import { readinessOf } from './ready.ts';

const serving: AgentDetails = { name: 'sales', desiredDeploymentId: 'd2', reconciledDeploymentId: 'd2', available: true, ready: true };

describe('a version is ready', () => {
  test('when it is the one that was asked for, was taken up, and answers calls', () => {
    expect(readinessOf(serving, 'd2')).toEqual({ kind: 'ready' });
    expect(readinessOf({ ...serving, ready: undefined, activeDeploymentReady: true }, undefined)).toEqual({ kind: 'ready' });
  });

  test.each<[string, Partial<AgentDetails>, string]>([
    ['nobody has taken it up', { reconciledDeploymentId: 'd1' }, 'waiting for Pipecat Cloud to take the version up'],
    ['only the version before answers calls', { currentRevision: { deploymentID: 'd2', phase: 'Validating' } }, 'the version is coming up: validating'],
    ['it is not available', { available: false }, 'the version is coming up'],
    ['it is not ready', { ready: false, conditions: [{ type: 'Progressing', status: 'True', reason: 'Pulling' }] }, 'the version is coming up: Pulling'],
  ])('not while %s', (_why, more, what) => {
    expect(readinessOf({ ...serving, ...more }, 'd2')).toEqual({ kind: 'waiting', what });
  });

  test('without regard to the health of another version', () => {
    expect(readinessOf({ ...serving, currentRevision: { deploymentID: 'd1', phase: 'Failed' } }, 'd2')).toEqual({ kind: 'ready' });
  });
});

describe('a version has failed', () => {
  test.each<[string, Partial<AgentDetails>, readonly string[]]>([
    ['an error without a known code', { errors: [{ code: 'NEW_CODE', message: 'no  quota\u001b[1m' }] }, ['no quota[1m']],
    ['an error that says nothing', { errors: [{}] }, ['Pipecat Cloud names an error without words']],
    ['a phase', { currentRevision: { phase: 'Failed', hasInfrastructureIssue: true } }, ['the version is in phase Failed', 'Pipecat Cloud reports trouble of its own']],
    [
      'memory',
      { currentRevision: { deploymentID: 'd2', phase: 'Creating', health: { reason: 'CrashLoopBackOff', lastExitCode: 137, lastTerminationReason: 'OOMKilled', restartCount: 3, headline: 'out of memory' } } },
      ['the version is in phase Creating: CrashLoopBackOff, last ended with OOMKilled, exit code 137 (killed, often for want of memory), 3 restarts', 'out of memory'],
    ],
    ['a container that cannot be made', { currentRevision: { health: { reason: 'CreateContainerConfigError', restartCount: 0 } } }, ['the version: CreateContainerConfigError']],
    ['another deployment', { desiredDeploymentId: 'd3' }, ['somebody else deployed version d3 while this one was coming up']],
  ])('by %s', (_what, more, why) => {
    expect(readinessOf({ ...serving, ready: false, ...more }, 'd2')).toEqual({ kind: 'failed', why });
  });
});
