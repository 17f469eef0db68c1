/**
 * What shall be deployed, as flags, environment and deploy file say together: a flag wins over the environment, that over
 * the file. What nobody said stays unsaid, so that an agent keeps it. Every mistake is told at once; asks nobody.
 */
import { type Mistake, UsageError } from '../../base/errors.ts';
import type { AgentSettings } from '../api/agents.ts';
import type { FoundDeployFile } from './deploy-file.ts';
import { AGENT_NAME, AGENT_NAME_WORDS, type DeployFile } from './deploy-file-schema.ts';
import { readImageName } from './image-name.ts';

export type DeployFlags = {
  readonly agentName?: string;
  /** The agent of one's own machine, beside the one that others use. */
  readonly local?: boolean;
  readonly image?: string;
  readonly buildId?: string;
  /** Built here, by docker buildx, and pushed under the image's name. */
  readonly build?: boolean;
  /** Built by Pipecat Cloud. */
  readonly cloudBuild?: boolean;
  readonly region?: string;
  readonly profile?: string;
  readonly minAgents?: number;
  readonly maxAgents?: number;
  readonly force?: boolean;
};

/** Where the image comes from. */
export type ImageSource =
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'buildx'; readonly image: string }
  | { readonly kind: 'build-id'; readonly buildId: string }
  | { readonly kind: 'cloud-build' };

export type DeploySettings = {
  readonly agentName: string;
  readonly source: ImageSource;
  /** Undefined: where the agent lives already, or the account's own. */
  readonly region: string | undefined;
  /** Everything of the request but the image. */
  readonly settings: SentSettings;
  readonly force: boolean;
  readonly build: { readonly contextFolder: string; readonly dockerfile: string; readonly excluded: readonly string[] };
  readonly warnings: readonly string[];
};

/** The last two stand in no document of the interface; they are sent only if the deploy file says so. */
export type SentSettings = Omit<AgentSettings, 'image' | 'buildId'> & {
  readonly websocketAuth?: 'none' | 'token';
  readonly resources?: { readonly cpu: string; readonly memory: string };
};

export const DEFAULT_NAME = 'bottalk-agent';
const LOCAL_NAME = 'bottalk-agent-local';

/** Throws a UsageError. */
export function resolveSettings(flags: DeployFlags, env: Readonly<Record<string, string | undefined>>, { path, says }: FoundDeployFile): DeploySettings {
  const mistakes: Mistake[] = [];
  const fault: Fault = (message, hint) => void mistakes.push({ message, ...(hint !== undefined && { hint }) });
  const agentName = chosenName(flags, env, says.agent_name, fault);
  const source = chosenSource(flags, env, says, fault);
  const scaling = drop({ minAgents: flags.minAgents ?? says.scaling?.min_agents, maxAgents: flags.maxAgents ?? says.scaling?.max_agents });
  if (scaling.minAgents !== undefined && scaling.maxAgents !== undefined && scaling.minAgents > scaling.maxAgents) {
    fault(`the least number of agents (${scaling.minAgents}) is more than the most (${scaling.maxAgents})`, `--min-agents, --max-agents${path === undefined ? '' : `, or [scaling] in ${path}`}`);
  }
  if (mistakes.length > 0 || !source) throw new UsageError(mistakes);
  const audioFilter = says.krisp_viva?.audio_filter;
  return {
    agentName,
    source,
    region: flags.region ?? says.region,
    settings: drop({
      nodeType: says.node_type,
      imagePullSecretSet: says.image_credentials,
      secretSet: says.secret_set,
      autoScaling: Object.keys(scaling).length === 0 ? undefined : scaling,
      krispViva: audioFilter === undefined ? undefined : { audioFilter },
      // What --profile says stands in the place of a size that the file spells out.
      agentProfile: flags.profile ?? says.agent_profile,
      resources: flags.profile === undefined ? says.resources : undefined,
      maxSessionDuration: says.max_session_duration,
      websocketAuth: says.websocket_auth,
    }),
    force: flags.force === true,
    build: { contextFolder: says.build?.context_dir ?? '.', dockerfile: says.build?.dockerfile ?? 'Dockerfile', excluded: says.build?.exclude?.patterns ?? [] },
    warnings: says.enable_managed_keys === true ? ['enable_managed_keys is not sent: bottalk brings its own keys, in the secret set'] : [],
  };
}

/** Notes it, and stands for what could not be chosen. */
type Fault = (message: string, hint?: string) => undefined;
type Environment = Readonly<Record<string, string | undefined>>;

function chosenName(flags: DeployFlags, env: Environment, inFile: string | undefined, fault: Fault): string {
  const fromEnv = env['PCC_AGENT_NAME'] || undefined;
  const name = flags.agentName ?? (flags.local === true ? LOCAL_NAME : (fromEnv ?? inFile ?? DEFAULT_NAME));
  if (!AGENT_NAME.test(name)) fault(`${flags.agentName === undefined ? 'PCC_AGENT_NAME' : '--agent-name'}: ${AGENT_NAME_WORDS}, got ${JSON.stringify(name)}`);
  return name;
}

function chosenSource(flags: DeployFlags, env: Environment, says: Pick<DeployFile, 'image' | 'build_id'>, fault: Fault): ImageSource | undefined {
  const ways = [flags.buildId !== undefined && '--build-id', flags.build === true && '--build', flags.cloudBuild === true && '--cloud-build'].filter((way) => way !== false);
  if (ways.length > 1) return fault(`${ways.join(' and ')} are two ways to an image`, 'keep one of them');
  if (flags.image !== undefined && (flags.buildId !== undefined || flags.cloudBuild === true)) return fault(`--image and ${ways[0]} are two images`, 'keep one of them');
  if (flags.cloudBuild === true) return { kind: 'cloud-build' };
  if (flags.buildId !== undefined) return { kind: 'build-id', buildId: flags.buildId };
  const fromEnv = env['PCC_DEPLOY_IMAGE'] || undefined;
  const image = flags.image ?? fromEnv ?? says.image;
  if (image === undefined) {
    if (flags.build === true) return fault('--build needs a name for the image', 'name it with --image');
    if (says.build_id !== undefined) return { kind: 'build-id', buildId: says.build_id };
    return fault('nothing says which image to deploy', 'name one with --image, or have one built with --build or --cloud-build');
  }
  if (!readImageName(image)) return fault(`${flags.image === undefined ? 'PCC_DEPLOY_IMAGE' : '--image'}: no image can be named ${JSON.stringify(image)}`);
  if (flags.build === true && readImageName(image)?.digest !== undefined) return fault('--build cannot build the image of a digest', 'name it with a tag');
  return { kind: flags.build === true ? 'buildx' : 'image', image };
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what nobody said: the interface takes an empty value for a value. */
function drop<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
