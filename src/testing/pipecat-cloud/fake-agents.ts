/** The fake's agents: what was deployed, how far that has come, and what the log holds. */
import { randomUUID } from 'node:crypto';
import { type Answer, type Asked, numberIn, ok, refusal } from './answer.ts';
import { AT_ONCE, type DeployScript, GOES_WELL } from './deploy-scripts.ts';
import type { FakeBuilds } from './fake-builds.ts';
import type { FakeSecretSets } from './fake-secret-sets.ts';

type Settings = Readonly<Record<string, unknown>>;
type LogFacts = { readonly atMs?: number; readonly sessionId?: string; readonly deploymentId?: string };
type FakeLogLine = { readonly log: string; readonly atMs: number; readonly deploymentId: string | undefined; readonly sessionId: string | undefined };

export class FakeAgent {
  readonly name: string;
  readonly region: string;
  readonly lines: FakeLogLine[] = [];
  settings: Settings;
  desired = '';
  /** The version that serves until the desired one does. */
  serving: string | undefined;
  createdIso = '';
  updatedIso = '';
  #script: DeployScript = AT_ONCE;
  #looks = 0;

  constructor(name: string, region: string, settings: Settings) {
    this.name = name;
    this.region = region;
    this.settings = settings;
  }

  deploy(script: DeployScript, atIso: string): void {
    this.desired = randomUUID();
    this.updatedIso = atIso;
    this.#script = script;
    this.#looks = 0;
  }

  /** One look at it: what is told now. `peek` leaves everything as far as it is. */
  look(peek = false): Readonly<Record<string, unknown>> {
    const stage = this.#script[Math.min(this.#looks, this.#script.length - 1)];
    if (!peek) this.#looks += 1;
    const told = stage?.({ desired: this.desired, before: this.serving === this.desired ? undefined : this.serving, atIso: this.updatedIso }) ?? {};
    if (told['ready'] === true && told['reconciledDeploymentId'] === this.desired) this.serving = this.desired;
    return told;
  }

  get maxAgents(): number {
    return (this.settings['autoScaling'] as { maxAgents?: number } | undefined)?.maxAgents ?? 50;
  }

  get minAgents(): number {
    return (this.settings['autoScaling'] as { minAgents?: number } | undefined)?.minAgents ?? 0;
  }
}

export type FakeAgentsOptions = {
  readonly regions: readonly string[];
  readonly secrets: FakeSecretSets;
  readonly builds: FakeBuilds;
  readonly epochMs: () => number;
  readonly activeSessions: (agent: string) => number;
};

export class FakeAgents {
  readonly all = new Map<string, FakeAgent>();
  /** What becomes of what is deployed from now on. */
  script: DeployScript = GOES_WELL;
  readonly #options: FakeAgentsOptions;

  constructor(options: FakeAgentsOptions) {
    this.#options = options;
  }

  /** An agent that has been serving for long. */
  add(name: string, settings: Settings = { image: 'registry.example/sales:1' }, region = this.#options.regions[0] ?? ''): FakeAgent {
    const agent = new FakeAgent(name, region, settings);
    agent.createdIso = this.#nowIso();
    agent.deploy(AT_ONCE, agent.createdIso);
    agent.serving = agent.desired;
    this.all.set(name, agent);
    return agent;
  }

  /** A line of the agent's log; `atMs` since the epoch. */
  log(name: string, log: string, { atMs = this.#options.epochMs(), sessionId, deploymentId }: LogFacts = {}): void {
    const agent = this.all.get(name);
    agent?.lines.push({ log, atMs, sessionId, deploymentId: deploymentId ?? agent.desired });
  }

  answer({ method, path, query, body }: Asked): Answer | undefined {
    const [, collection, name, part] = path.split('/').map(decodeURIComponent);
    if (collection !== 'agents' || (part !== undefined && part !== 'logs')) return undefined;
    if (name === undefined) return method === 'POST' ? this.#create(body) : this.#list(query);
    const agent = this.all.get(name);
    if (!agent) return refusal(404, 'NOT_FOUND', method === 'POST' ? 'Service not found' : 'Not found');
    if (part === 'logs') return logsOf(agent, query);
    if (method === 'GET') return ok(this.#details(agent, agent.look()));
    if (method === 'POST') return this.#update(agent, body);
    this.all.delete(name);
    return ok({ status: 'OK' });
  }

  #list(query: URLSearchParams): Answer {
    const listed = [...this.all.values()].filter(({ region }) => region === (query.get('region') ?? region));
    return ok({
      services: listed.map((agent) => ({
        id: agent.name,
        name: agent.name,
        region: agent.region,
        desiredDeploymentId: agent.desired,
        reconciledDeploymentId: agent.serving ?? null,
        createdAt: agent.createdIso,
        updatedAt: agent.updatedIso,
      })),
    });
  }

  #create({ serviceName, region = this.#options.regions[0], ...settings }: Asked['body']): Answer {
    const name = String(serviceName);
    if (this.all.has(name)) return refusal(400, 'GENERIC_BAD_REQUEST', 'Service already exists');
    if (!this.#options.regions.includes(String(region))) return refusal(400, 'GENERIC_BAD_REQUEST', `Invalid region '${String(region)}'`);
    const refused = this.#refusalFor(settings, String(region));
    if (refused) return refused;
    const agent = new FakeAgent(name, String(region), settings);
    agent.createdIso = this.#nowIso();
    agent.deploy(this.script, agent.createdIso);
    this.all.set(name, agent);
    return ok(this.#details(agent, agent.look(true)));
  }

  #update(agent: FakeAgent, { forceRedeploy, ...settings }: Asked['body']): Answer {
    const refused = this.#refusalFor(settings, agent.region);
    if (refused) return refused;
    const { image, buildId, ...kept } = agent.settings;
    // Either of them takes the place of the other.
    const source = settings['image'] === undefined && settings['buildId'] === undefined ? { image, buildId } : {};
    const next = { ...kept, ...(source.image === undefined ? {} : { image }), ...(source.buildId === undefined ? {} : { buildId }), ...settings };
    if (versionOf(next) === versionOf(agent.settings) && forceRedeploy !== true) {
      agent.settings = next;
      return ok({ ...this.#details(agent, agent.look(true)), warning: 'No changes to the deployment; no new version was made' });
    }
    agent.settings = next;
    agent.deploy(this.script, this.#nowIso());
    return ok(this.#details(agent, agent.look(true)));
  }

  #refusalFor({ secretSet, imagePullSecretSet, buildId }: Settings, region: string): Answer | undefined {
    const { secrets, builds } = this.#options;
    if (buildId !== undefined && !builds.isBuilt(String(buildId))) return refusal(400, 'GENERIC_BAD_REQUEST', 'Build not found or not successful');
    return (
      secrets.refusalFor(secretSet as string | undefined, 'secret', region) ?? secrets.refusalFor(imagePullSecretSet as string | undefined, 'imagePullSecret', region)
    );
  }

  #details(agent: FakeAgent, told: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { settings, name, region, desired, createdIso, updatedIso } = agent;
    const replicas = { minReplicas: agent.minAgents, maxReplicas: agent.maxAgents };
    const spec = {
      image: settings['image'] ?? '[redacted]',
      dailyNodeType: 'arm',
      autoScaling: replicas,
      ...(settings['imagePullSecretSet'] === undefined ? {} : { imagePullSecretName: settings['imagePullSecretSet'] }),
      envFromSecretNames: settings['secretSet'] === undefined ? [] : [settings['secretSet']],
      maxSessionDurationSeconds: settings['maxSessionDuration'] ?? 7200,
    };
    return {
      name,
      region,
      createdAt: createdIso,
      updatedAt: updatedIso,
      desiredDeploymentId: desired,
      autoScaling: replicas,
      activeSessionCount: this.#options.activeSessions(name),
      deployment: { id: desired, serviceId: name, manifest: { apiVersion: 'v1', kind: 'Agent', metadata: { name }, spec }, createdAt: updatedIso, updatedAt: updatedIso },
      agentProfile: settings['agentProfile'] ?? 'agent-1x',
      krispViva: settings['krispViva'] ?? null,
      ...told,
    };
  }

  #nowIso(): string {
    return new Date(this.#options.epochMs()).toISOString();
  }
}

/** What makes a new version when it changes; how many instances there are does not. */
function versionOf(settings: Settings): string {
  const parts = Object.entries(settings).filter(([name]) => name !== 'autoScaling');
  return JSON.stringify(parts.toSorted(([a], [b]) => a.localeCompare(b)));
}

/** Whoever asks for more gets no more. */
const LONGEST_LOG_PAGE = 60;

function logsOf(agent: FakeAgent, query: URLSearchParams): Answer {
  const wanted = (name: string, value: string | undefined): boolean => !query.has(name) || query.get(name) === value;
  const matching = agent.lines
    .filter(({ sessionId, deploymentId, log }) => wanted('sessionId', sessionId) && wanted('deploymentId', deploymentId) && log.includes(query.get('query') ?? ''))
    .filter(({ atMs }) => atMs >= numberIn(query, 'startTime', 0) * 1000 && atMs < (numberIn(query, 'endTime', Infinity) + 1) * 1000)
    .toSorted((a, b) => a.atMs - b.atMs);
  if (query.get('order') !== 'asc') matching.reverse();
  const offset = numberIn(query, 'offset', 0);
  const logs = matching.slice(offset, offset + Math.min(LONGEST_LOG_PAGE, numberIn(query, 'limit', 10)));
  return ok({
    total: { value: matching.length, relation: 'eq' },
    logs: logs.map(({ log, atMs, deploymentId }) => ({ log, timestamp: new Date(atMs).toISOString(), deploymentId: deploymentId ?? null })),
  });
}
