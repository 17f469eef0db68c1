import { expect, test } from 'vitest';
import { painter } from '../../report/paint.ts';
import { CRASHES, DEGRADED, type DeployScript, GOES_WELL, NO_IMAGE, WRONG_PLATFORM } from '../../testing/pipecat-cloud/deploy-scripts.ts';
import { type AgentDetails, agentAnswer } from '../api/agent-answers.ts';
import { agentStatus, sessionEnd } from './agent-status.ts';
import { agentsText, statusText } from './status-text.ts';

const NOW_MS = Date.UTC(2026, 0, 5, 12);
const ago = (ms: number): string => new Date(NOW_MS - ms).toISOString();

/** An agent whose deployment has come so far that nothing more will happen. */
function details(script: DeployScript, before: string | null = 'd1', look = script.length - 1): AgentDetails {
  const spec = { image: 'r.example/sales:2', envFromSecretNames: ['sales-keys'], maxSessionDurationSeconds: 900 };
  return agentAnswer.parse({
    name: 'sales',
    region: 'us-west',
    agentProfile: 'agent-1x',
    desiredDeploymentId: 'd2',
    autoScaling: { minReplicas: 0, maxReplicas: 5 },
    activeSessionCount: 1,
    deployment: { id: 'd2', manifest: { spec }, createdAt: ago(7_200_000) },
    ...script[look]?.({ desired: 'd2', before: before ?? undefined, atIso: ago(180_000) }),
  });
}

test.each([
  [GOES_WELL, 'd1', 'serving', 'the newest version serves', []],
  [CRASHES, 'd1', 'outdated', 'the newest version failed; the one before still serves', ['CrashLoopBackOff', 'OPENAI_API_KEY is missing']],
  [CRASHES, null, 'down', 'no version serves', ['CrashLoopBackOff', 'OPENAI_API_KEY is missing']],
  [NO_IMAGE, null, 'down', 'no version serves', ['the image is not in its registry; check its name and tag (PCC_IMAGE_NOT_FOUND)']],
  [WRONG_PLATFORM, 'd1', 'outdated', 'the newest version failed; the one before still serves', ['the image is not for linux/arm64']],
] as const)('an agent is told of in one word and one sentence %#', (script, before, state, summary, reasons) => {
  const status = agentStatus(details(script, before), NOW_MS);
  expect(status).toMatchObject({ state, summary });
  for (const reason of reasons) expect(status.reasons.join('\n')).toContain(reason);
});

test('one that is being deployed says what it waits for, and who serves meanwhile', () => {
  const told = (script: DeployScript, before: string | null, look: number): string => agentStatus(details(script, before, look), NOW_MS).summary;
  expect(told(GOES_WELL, 'd1', 0)).toBe('waiting for Pipecat Cloud to take the version up; the version before serves meanwhile');
  expect(told(GOES_WELL, null, 2)).toBe('the version is coming up: creating; no version serves yet');
  expect(told(DEGRADED, 'd1', 1)).toBe('the version is coming up: validating, readiness probe failed; the version before serves meanwhile');
});

test('people get lines', () => {
  const sessions = [
    { sessionId: 's2', createdAt: ago(65_000), coldStart: true, botStartSeconds: 12 },
    { sessionId: 's1', createdAt: ago(3 * 86_400_000), endedAt: ago(3 * 86_400_000 - 150_000), completionStatus: '500' },
  ];
  expect(statusText(agentStatus(details(CRASHES), NOW_MS), sessions, { paint: painter(false), epochMs: NOW_MS })).toBe(`\
sales: the newest version failed; the one before still serves (us-west, agent-1x)
             the version is in phase Failed: CrashLoopBackOff, last ended with Error, exit code 1, 4 restarts
             Error: OPENAI_API_KEY is missing
  image      r.example/sales:2
  version    d2, deployed 2 h ago
  instances  0 to 5; sessions now: 1
  limits     a session ends after 15 min
  secrets    sales-keys
  newest     d2, failed for 3 min, 0 ready
  before     d1, active for 3 min, 1 ready

SESSION  BEGAN       STATE         LASTED  START
s2       65 s ago    runs          65 s    cold, 12 s
s1       3 days ago  failed (500)  3 min   -
`);
});

test('what Pipecat Cloud says cannot steer the terminal', () => {
  const evil = agentAnswer.parse({ name: 'sales', region: 'us\u001b[2J', deployment: { manifest: { spec: { image: 'a\nb\u0007' } } } });
  const text = statusText(agentStatus(evil, NOW_MS), [{ sessionId: 'x\u001b]0;title' }], { paint: painter(false), epochMs: NOW_MS });
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(text).toContain('  image      a b\n');
});

test('the agents of an account are a table', () => {
  const agents = [
    { name: 'sales', region: 'us-west', desiredDeploymentId: 'd1', reconciledDeploymentId: 'd1', updatedAt: ago(60_000) },
    { name: 'support', desiredDeploymentId: 'd2', reconciledDeploymentId: 'd1' },
  ];
  expect(agentsText(agents, NOW_MS)).toBe(`\
AGENT    REGION   NEWEST VERSION  CHANGED
sales    us-west  taken up        60 s ago
support  -        being deployed  -
bottalk status <agent> tells more of one.
`);
  expect(agentsText([], NOW_MS)).toBe('There are no agents; bottalk deploy makes one.\n');
});

test.each([
  [{}, undefined],
  [{ endedAt: 'x', completionStatus: '200' }, 'ended'],
  [{ completionStatus: 'HTTP_COMPLETED' }, 'ended'],
  [{ endedAt: 'x' }, 'ended, how is not known'],
  [{ endedAt: 'x', completionStatus: 'HTTP_ERROR' }, 'failed (HTTP_ERROR)'],
])('a session of %j is told as %s', (session, told) => {
  expect(sessionEnd({ sessionId: 's', ...session })).toBe(told);
});
