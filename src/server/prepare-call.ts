/**
 * From what a client asked for to a call that can be held: a scenario of the shelf, one that a model writes for a topic, or
 * two agents alone, with what the client changes in them. Whatever keeps it from running is found here, before anything is stopped.
 */
import { parseDocument, stringify } from 'yaml';
import { UsageError } from '../base/errors.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { scenarioText } from '../compose/generate/generated-scenario.ts';
import { generatePrompts } from '../compose/generate/generate-prompts.ts';
import { parseCase } from '../compose/load-case.ts';
import { openMachinery } from '../compose/machinery.ts';
import { rowsFor } from '../compose/money.ts';
import { checkCase } from '../compose/run-case.ts';
import type { SecretName, Secrets } from '../compose/secrets.ts';
import { readScenarioText } from '../scenarios/read-text.ts';
import type { Case } from '../scenarios/scenario.ts';
import { escapeBraces } from '../scenarios/template.ts';
import type { StartRequest } from '../web/parts/live-messages.ts';
import type { PreparedCall } from './live-call.ts';
import { RequestError } from './request-error.ts';
import { byField } from './request-mistakes.ts';
import { type ShelvedScenario, shelvedScenarios } from './scenario-shelf.ts';

export type PrepareOptions = {
  /** Where scenarios are, besides those that come with bottalk. */
  readonly scenarios: readonly string[];
  readonly secrets: Secrets;
  readonly wall: WallClock;
  readonly cacheFolder: string;
  readonly modelFolder: string;
  /** What a call may cost at most. */
  readonly budgetUsd?: number | undefined;
  readonly signal: AbortSignal;
};

/** Throws a RequestError, or a UsageError of the scenario. */
export async function prepareCall(request: StartRequest, options: PrepareOptions): Promise<PreparedCall> {
  const { secrets, budgetUsd } = options;
  const mode = request.room ?? 'daily';
  if (mode === 'daily') checkNamed(['DAILY_API_KEY', 'OPENAI_API_KEY', 'ELEVENLABS_API_KEY'], secrets);
  if (request.topic !== undefined) checkNamed(['OPENAI_API_KEY'], secrets);
  const { text, scenario, file } = edited(await baseOf(request, options), request);
  const of = caseOf({ text, scenario, file }, request, mode);
  checkKeysOf(of, secrets);
  const machinery = openMachinery(options);
  try {
    checkCase(of, { machinery, secrets, budgetUsd, prices: rowsFor(of.scenario, secrets) });
  } catch (error) {
    // What keeps any call from a Daily room is this machine's fault and not the client's.
    if (mode === 'daily' && error instanceof UsageError) throw new RequestError(500, error.message);
    throw error;
  } finally {
    await machinery.close();
  }
  const { file: _madeUp, ...unnamed } = of;
  return { of: file === undefined ? unnamed : of, mode, scenario, speed: request.speed ?? 1, paused: request.paused ?? false };
}

function caseOf({ text, scenario, file }: Pick<Base, 'text' | 'scenario' | 'file'>, request: StartRequest, mode: 'daily' | 'embedded'): Case {
  const { variables, seed, llm, tts } = request;
  const ofTheWorld = mode === 'daily' ? ({ llm: 'openai', tts: 'elevenlabs' } as const) : {};
  const always = { room: mode, llm: llm ?? ofTheWorld.llm, tts: tts ?? ofTheWorld.tts };
  try {
    return parseCase(text, file ?? '', { recordedVariables: variables, seed, providers: { always } });
  } catch (error) {
    throw file === undefined ? byField(error, { text, name: scenario ?? 'the request' }) : error;
  }
}

/** Throws what Pipecat's server says of the first that is missing. */
function checkNamed(names: readonly SecretName[], secrets: Secrets): void {
  for (const name of names) {
    // A chat server of one's own often needs no key.
    const isNeeded = name !== 'OPENAI_API_KEY' || secrets.OPENAI_BASE_URL === undefined;
    if (isNeeded && secrets[name] === undefined) throw new RequestError(500, `Missing ${name}`);
  }
}

function checkKeysOf({ scenario }: Case, secrets: Secrets): void {
  if (scenario.agents.some(({ llm }) => llm.provider === 'openai' && llm.base_url === undefined)) checkNamed(['OPENAI_API_KEY'], secrets);
  if (scenario.agents.some(({ tts }) => tts.provider === 'elevenlabs')) checkNamed(['ELEVENLABS_API_KEY'], secrets);
}

/** A scenario as text. `file`: where it stands word for word. `open`: what of its agents a client may change. */
type Base = { readonly text: string; readonly scenario: string | null; readonly file: string | undefined; readonly open: readonly ('name' | 'prompt' | 'voice')[] };

async function baseOf(request: StartRequest, { scenarios, secrets, wall, signal }: PrepareOptions): Promise<Base> {
  const { scenario, topic, agents, llm, room } = request;
  if (scenario !== undefined) return onShelf(await findScenario(scenario, scenarios));
  if (topic !== undefined) return { ...NEW, open: ['name', 'prompt', 'voice'], text: scenarioText((await generatePrompts(topic, { secrets, wall, signal })).scenario) };
  // A script says its lines and heeds no prompt, so agents alone need a brain.
  if (room === undefined || (agents && llm === 'openai')) return { ...NEW, open: ['voice'], text: agentsAlone(request) };
  const [first] = await shelvedScenarios(scenarios);
  if (!first) throw new RequestError(400, 'there is no scenario to start');
  return onShelf(first);
}

const NEW = { scenario: null, file: undefined } as const;

async function onShelf({ name, file }: ShelvedScenario): Promise<Base> {
  // Scripts and expectations know their agents by name.
  return { text: await readScenarioText(file), scenario: name, file, open: ['prompt', 'voice'] };
}

async function findScenario(wanted: string, paths: readonly string[]): Promise<ShelvedScenario> {
  const found = (await shelvedScenarios(paths)).find(({ name }) => name === wanted);
  if (!found) throw new RequestError(400, 'scenario: there is none of this name; GET /api/scenarios lists them');
  return found;
}

/** What a System and a User are if nobody says. */
const SYSTEM_PROMPT =
  'You answer the phone for a small company that sells and repairs bicycles. Be friendly and brief, one to three short sentences a turn. Find out what the caller needs, offer an appointment, and say goodbye when that is settled.';
const USER_PROMPT =
  'You call a bicycle shop because your brakes squeak and you ride to work tomorrow. Answer in one or two short sentences, ask what it costs, agree on an appointment, and say goodbye.';

function agentsAlone({ agents, variables, room }: StartRequest): string {
  const [first = {}, second = {}] = agents ?? [];
  const name = first.name?.trim() || 'System';
  const otherName = second.name?.trim() || 'User';
  const names = [name, otherName.toLowerCase() === name.toLowerCase() ? `${otherName} 2` : otherName] as const;
  // Where no variables are given, braces are what they are.
  const literal = (text: string): string => (variables === undefined ? escapeBraces(text) : text);
  const prompts = [first.prompt?.trim() || SYSTEM_PROMPT, second.prompt?.trim() || USER_PROMPT].map(literal);
  return stringify({
    title: names.map(escapeBraces).join(' and '),
    ...(room === 'embedded' && { turn: { profile: 'responsive' } }),
    agents: names.map((each, i) => ({ name: escapeBraces(each), role: i === 0 ? 'system' : 'user', prompt: prompts[i] })),
  });
}

/** The text with what the client changes; as it is if that is nothing. */
function edited(base: Base, { agents = [] }: StartRequest): Base {
  const changes = agents.flatMap(({ name, prompt, voice_id: voice }, i) => {
    const given = { name, prompt, voice };
    return base.open.flatMap((key) => (given[key]?.trim() ? [{ path: ['agents', i, key], value: given[key] }] : []));
  });
  if (changes.length === 0) return base;
  const document = parseDocument(base.text);
  if (document.errors.length > 0) throw new UsageError('the scenario is no YAML', 'bottalk validate shows where');
  for (const { path, value } of changes) document.setIn(path, value);
  return { ...base, text: document.toString(), file: undefined };
}
