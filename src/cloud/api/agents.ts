/** The calls about agents, which Pipecat Cloud's paths call agents and its answers services: what runs, and what shall run. */
import { z } from 'zod';
import { agentAnswer, type AgentDetails, type AgentListing, agentListing, type LogPage, logPage } from './agent-answers.ts';
import type { CloudRequests } from './requests.ts';

/** What is deployed. Names and meanings are Pipecat Cloud's; what is left out keeps its value, or gets Pipecat Cloud's default. */
export type AgentSettings = {
  /** Either an image or a build. */
  readonly image?: string;
  readonly buildId?: string;
  readonly nodeType?: 'arm';
  readonly imagePullSecretSet?: string;
  readonly secretSet?: string;
  readonly autoScaling?: { readonly minAgents?: number; readonly maxAgents?: number };
  readonly krispViva?: { readonly audioFilter: 'tel' | 'pro' | null };
  readonly agentProfile?: string;
  /** Seconds, 60 to 14400. */
  readonly maxSessionDuration?: number;
};

export type CreateAgent = AgentSettings & { readonly serviceName: string; readonly region?: string };
export type UpdateAgent = AgentSettings & { readonly forceRedeploy?: boolean };

export type LogQuery = {
  readonly limit?: number;
  readonly offset?: number;
  readonly deploymentId?: string;
  readonly sessionId?: string;
  readonly query?: string;
  /** By time; the newest come first where nothing is said. */
  readonly order?: 'asc' | 'desc';
  /** Seconds since the epoch. */
  readonly startTime?: number;
  readonly endTime?: number;
};

export interface AgentCalls {
  list(filter?: { readonly region?: string; readonly includeActiveDeployment?: boolean }, signal?: AbortSignal): Promise<readonly AgentListing[]>;
  /** Rejects with kind `not_found` if there is none. */
  get(name: string, signal?: AbortSignal): Promise<AgentDetails>;
  /** Never repeated. */
  create(settings: CreateAgent, signal?: AbortSignal): Promise<AgentDetails>;
  /** Repeated only where it does not force a new version. */
  update(name: string, settings: UpdateAgent, signal?: AbortSignal): Promise<AgentDetails>;
  /** Sessions that run go on. */
  delete(name: string, signal?: AbortSignal): Promise<void>;
  logs(name: string, query?: LogQuery, signal?: AbortSignal): Promise<LogPage>;
}

export function agentCalls({ ask, tell }: CloudRequests): AgentCalls {
  const conflict = 'the agent cannot be deployed now, for a secret set that it uses is not ready or it is being changed';
  const pathOf = (name: string): string => `/agents/${encodeURIComponent(name)}`;
  const missing = (name: string): string => `there is no agent ${name}`;
  const deploying = { key: 'private', timeout: 'deployMs', conflict, quoteMissing: true } as const;
  return {
    async list(filter = {}, signal) {
      const answer = z.object({ services: z.array(agentListing) });
      return (await ask({ method: 'GET', path: '/agents', query: filter, key: 'private', what: 'listing agents', repeat: 'safely' }, answer, signal)).services;
    },
    get: (name, signal) =>
      ask({ method: 'GET', path: pathOf(name), key: 'private', what: `looking at agent ${name}`, repeat: 'safely', missing: missing(name) }, agentAnswer, signal),
    create: (settings, signal) =>
      ask({ ...deploying, method: 'POST', path: '/agents', body: settings, what: `creating agent ${settings.serviceName}`, repeat: 'never' }, agentAnswer, signal),
    update(name, settings, signal) {
      const repeat = settings.forceRedeploy === true ? 'never' : 'safely';
      const call = { ...deploying, method: 'POST', path: pathOf(name), body: settings, what: `updating agent ${name}` } as const;
      return ask({ ...call, repeat, missing: `there is no agent ${name}, or not all that it needs` }, agentAnswer, signal);
    },
    delete: (name, signal) =>
      tell({ method: 'DELETE', path: pathOf(name), key: 'private', what: `deleting agent ${name}`, repeat: 'safely', missing: missing(name) }, signal),
    logs: (name, query = {}, signal) =>
      ask({ method: 'GET', path: `${pathOf(name)}/logs`, query, key: 'private', what: `reading the log of ${name}`, repeat: 'safely', missing: missing(name) }, logPage, signal),
  };
}
