/**
 * Which providers a run uses: what a flag says, else what the scenario says, else, with --live, whatever has a key,
 * else those that need none. Also says in a line each why, so that nobody has to guess. Asks no provider anything.
 */
import { UsageError } from '../base/errors.ts';
import type { ProviderWishes } from '../scenarios/provider-wishes.ts';
import type { ScenarioOptions } from '../scenarios/load.ts';
import type { Case } from '../scenarios/scenario.ts';
import { type CaseOptions, loadCase, loadCases, type ReplayedCaseOptions } from './load-case.ts';
import type { Secrets } from './secrets.ts';

export type ProviderFlags = {
  readonly llm?: 'script' | 'openai';
  readonly tts?: 'offline' | 'elevenlabs';
  readonly room?: 'embedded' | 'daily';
  readonly transcription?: 'embedded' | 'elevenlabs' | 'openai' | 'room';
  /** Every provider that has a key, where neither a flag nor the scenario says otherwise. */
  readonly live?: boolean;
};

export type ChooseOptions = Omit<CaseOptions, 'providers'> & Pick<ScenarioOptions, 'recordedVariables' | 'onVariables'> & {
  readonly flags: ProviderFlags;
  /** The providers of a recording that is played; a flag wins over them. */
  readonly recorded?: ProviderWishes | undefined;
  readonly secrets: Secrets;
  /** Call seconds per wall second, if the user asks for a pace; a Daily room keeps its own. */
  readonly pace?: number | undefined;
  /** The browser that a Daily room needs; throws a UsageError if there is none. */
  readonly findChromium: () => string;
};

/** `choices` is empty unless --live had something to choose. */
export type ChosenCase = { readonly of: Case; readonly choices: readonly string[] };

/** Reads a scenario file for the providers that will be used. Throws a UsageError: mistakes, or no key at all. */
export async function loadChosenCase(file: string, options: ChooseOptions): Promise<ChosenCase> {
  const { live, providers } = chosenBy(options);
  const of = await loadCase(file, { ...caseOptions(options), providers });
  return { of, choices: live.map((provider) => explain(provider, of, options.flags[provider.what])) };
}

/** The same of every case of a file. Of rooms nothing is chosen: calls side by side meet where their file says. */
export async function loadChosenCases(file: string, options: Omit<ChooseOptions, 'findChromium' | 'pace'>): Promise<ChosenCases> {
  const { live, providers } = chosenBy({ ...options, findChromium: undefined });
  const cases = await loadCases(file, { ...caseOptions(options), providers });
  return { cases, choices: live.flatMap((provider) => cases.map((of) => explain(provider, of, options.flags[provider.what]))) };
}

export type ChosenCases = { readonly cases: readonly Case[]; readonly choices: readonly string[] };

function caseOptions({ variables, recordedVariables, onVariables, seed, maxTurns }: ReplayedCaseOptions): ReplayedCaseOptions {
  return { variables, recordedVariables, onVariables, seed, maxTurns };
}

function chosenBy(options: LiveOptions & Pick<ChooseOptions, 'flags' | 'recorded'>): { readonly live: readonly LiveProvider[]; readonly providers: ProviderWishes } {
  const { flags, recorded } = options;
  const { llm, tts, room, transcription } = flags;
  const live = flags.live ? liveProviders(options) : [];
  const unsaid = Object.fromEntries(live.flatMap(({ what, name, needs }) => (needs === undefined ? [[what, name]] : [])));
  const given = Object.fromEntries(Object.entries({ llm, tts, room, transcription }).filter(([, name]) => name !== undefined));
  return { live, providers: { ...recorded, always: { ...recorded?.always, ...given }, unsaid } };
}

type LiveProvider = {
  readonly what: 'llm' | 'tts' | 'room';
  readonly name: string;
  /** What is missing; undefined if it can be used. */
  readonly needs: string | undefined;
};

/** Without a way to find a Chromium, no room is chosen. */
type LiveOptions = Pick<ChooseOptions, 'secrets' | 'pace'> & { readonly findChromium: ChooseOptions['findChromium'] | undefined };

function liveProviders({ secrets, findChromium, pace }: LiveOptions): readonly LiveProvider[] {
  const keyless = secrets.OPENAI_BASE_URL !== undefined;
  const missing = (name: keyof Secrets): string | undefined => (secrets[name] === undefined ? name : undefined);
  const voicesAndBrains: readonly LiveProvider[] = [
    { what: 'llm', name: 'openai', needs: keyless ? undefined : missing('OPENAI_API_KEY') },
    { what: 'tts', name: 'elevenlabs', needs: missing('ELEVENLABS_API_KEY') },
  ];
  const daily = findChromium && missing('DAILY_API_KEY');
  if (voicesAndBrains.every(({ needs }) => needs !== undefined) && (!findChromium || daily !== undefined)) {
    const keys = ['OPENAI_API_KEY', 'ELEVENLABS_API_KEY', ...(findChromium ? ['DAILY_API_KEY'] : [])];
    throw new UsageError(
      '--live finds no key',
      `put ${keys.slice(0, -1).join(', ')} or ${keys.at(-1)} into .env.local or the environment; \`bottalk doctor\` shows which are set`,
    );
  }
  if (!findChromium) return voicesAndBrains;
  return [...voicesAndBrains, { what: 'room', name: 'daily', needs: daily ?? (pace === undefined ? chromiumNeeded(findChromium) : 'real time, and --pace asks for another') }];
}

function chromiumNeeded(findChromium: () => string): string | undefined {
  try {
    findChromium();
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const hint = error.mistakes[0]?.hint;
    return `Chromium${hint === undefined ? '' : ` (${hint})`}`;
  }
}

type Used = { readonly of: string; readonly provider: string };

const LABELS = { llm: 'brains', tts: 'voices', room: 'room' } as const;

/** `voices: offline; elevenlabs needs ELEVENLABS_API_KEY`. */
function explain({ what, name, needs }: LiveProvider, { scenario }: Case, flag: string | undefined): string {
  const ofAgents = (part: 'llm' | 'tts'): readonly Used[] => scenario.agents.map((agent) => ({ of: agent.name, provider: agent[part].provider }));
  const used = what === 'room' ? [{ of: '', provider: scenario.room.kind }] : ofAgents(what);
  const [first] = used;
  const alike = used.every(({ provider }) => provider === first?.provider);
  const text = alike ? first?.provider : used.map(({ of, provider }) => `${provider} for ${of}`).join(', ');
  return `${LABELS[what]}: ${text}${because()}`;

  function because(): string {
    if (flag !== undefined) return `, as --${what} says`;
    if (alike && first?.provider === name) return '';
    return needs === undefined ? ', as the scenario says' : `; ${name} needs ${needs}`;
  }
}
