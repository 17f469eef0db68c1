/** A deployment's plan and its end, as lines for people and as JSON for machines. */
import type { DeployOutcome, DeployPlan } from '../cloud/deploy/deploy.ts';
import { diffLines } from '../cloud/deploy/deploy-diff.ts';

export function planLines(plan: DeployPlan): readonly string[] {
  const { agentName, region, isNew, diff, notes } = plan;
  return [
    `${agentName} will be ${isNew ? `made in ${region}` : `updated in ${region}; calls that run go on with the version that they began with`}`,
    ...diffLines(diff, isNew),
    ...notes.map((note) => `note: ${note}`),
  ];
}

export type Telling = {
  readonly said: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly masked: (text: string) => string;
  readonly writeOut: (text: string) => void;
  readonly json: boolean;
  readonly hasPublicKey: boolean;
  readonly exitCode: number;
};

export function tellOutcome(outcome: DeployOutcome, telling: Telling): void {
  for (const line of outcomeLines(outcome, telling)) telling.said(line);
  if (telling.json) telling.writeOut(`${telling.masked(JSON.stringify(outcomeJson(outcome, telling.exitCode), null, 2))}\n`);
}

function outcomeLines(outcome: DeployOutcome, { json, hasPublicKey }: Telling): readonly string[] {
  switch (outcome.kind) {
    case 'declined':
      return ['nothing was deployed'];
    case 'planned': {
      const { request } = outcome.plan;
      // With --json the request stands in the document that follows.
      const asked = json ? [] : [`${request.method} ${request.path}`, JSON.stringify(request.body, null, 2)];
      return [...planLines(outcome.plan), ...asked, 'nothing was deployed: this was a dry run'];
    }
    case 'ready': {
      const { plan, deploymentId, tookMs, isUnchanged } = outcome;
      const version = deploymentId === undefined ? 'the version' : `version ${deploymentId}`;
      return [
        `${plan.agentName} is ready after ${Math.round(tookMs / 1000)} s: ${version} serves${isUnchanged ? ', as before' : ''}`,
        `call it: bottalk run scenarios/sales.yaml --cloud${hasPublicKey ? '' : ' (needs PCC_PUBLIC_KEY)'}`,
      ];
    }
    case 'failed':
    case 'late': {
      const { plan, why, log, servesBefore, rollback } = outcome;
      return [
        outcome.kind === 'late' ? `the deployment of ${plan.agentName} is not ready in time:` : `the deployment of ${plan.agentName} failed:`,
        ...why.map((line) => `  ${line}`),
        ...(log.length === 0 ? [] : ['its last lines:', ...log.map((line) => `  ${line}`)]),
        ...(servesBefore ? ['the version before still answers calls'] : []),
        ...(rollback === undefined ? [] : [`to go back to it: ${rollback}`, ...inFile(plan)]),
        `more: bottalk status ${plan.agentName}, bottalk logs ${plan.agentName}`,
      ];
    }
  }
}

/** What that command says itself. */
const SAID_BY_FLAGS: ReadonlySet<string> = new Set(['image', 'build', 'profile', 'least agents', 'most agents']);

/** For everything else there is no flag. */
function inFile({ diff }: DeployPlan): readonly string[] {
  const changed = diff.flatMap(({ setting, now, changes }) => (changes && now !== undefined && !SAID_BY_FLAGS.has(setting) ? [`${setting} ${now}`] : []));
  return changed.length === 0 ? [] : [`and in the deploy file as before: ${changed.join(', ')}`];
}

function outcomeJson(outcome: DeployOutcome, exitCode: number): unknown {
  if (outcome.kind === 'declined') return { outcome: outcome.kind, exitCode };
  const { plan, kind, ...rest } = outcome;
  const { agentName, region, isNew, digest, request, diff, notes } = plan;
  return { outcome: kind, exitCode, agentName, region, isNew, image: { digest }, ...rest, request, diff, notes };
}
