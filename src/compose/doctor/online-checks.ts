/**
 * Whether the keys work: one cheap call for each that is given, all at once, each with a time limit of its own. A Daily
 * room is made, joined and deleted. Nothing is sent anywhere for which there is neither key nor address.
 */
import { Deadline } from '../../base/deadline.ts';
import { ProviderError, UsageError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { listVoices } from '../../providers/elevenlabs/list-voices.ts';
import { remainingCharacters } from '../../providers/elevenlabs/remaining-characters.ts';
import { DailySeats, type DailySeatsOptions } from '../../providers/daily/seats.ts';
import { tryRoom } from '../../providers/daily/try-room.ts';
import { listModels } from '../../providers/openai/list-models.ts';
import { openChat } from '../../providers/openai/open-chat.ts';
import { chromiumHere } from '../chromium-here.ts';
import { openDailyRest } from '../open-daily-rest.ts';
import { needed, type Secrets } from '../secrets.ts';
import type { Check } from './check.ts';

export type OnlineOptions = {
  readonly wall: WallClock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
  /** Told when one begins and when it is done. */
  readonly onProgress?: (name: string, state: 'asking' | 'done') => void;
  /** Where OpenAI is, if not at its own address. */
  readonly openAiUrl?: string;
  /** Where the browser may go, and how patient it is with Daily. */
  readonly daily?: Pick<DailySeatsOptions, 'hostRules' | 'profilesFolder' | 'limits'>;
};

type Finding = Pick<Check, 'detail' | 'advice'> & { readonly state?: 'broken' };

const CALL_MS = 20_000;
/** Starting a browser, joining with two more tries, and waiting for the transcription. */
const ROOM_MS = 60_000;

/** In a fixed order; empty where nothing is given. Rejects only with the signal's reason, or with a bug of ours. */
export async function checkOnline(options: OnlineOptions): Promise<readonly Check[]> {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, ELEVENLABS_API_KEY, DAILY_API_KEY } = options.secrets;
  const settled = await Promise.allSettled([
    ...((OPENAI_API_KEY ?? OPENAI_BASE_URL) === undefined ? [] : [attempt('OpenAI', CALL_MS, options, askOpenAi)]),
    ...(ELEVENLABS_API_KEY === undefined ? [] : [attempt('ElevenLabs', CALL_MS, options, askElevenLabs)]),
    ...(DAILY_API_KEY === undefined ? [] : [attempt('Daily', ROOM_MS, options, askDaily)]),
  ]);
  // Thrown only now, when every room is deleted and every browser gone.
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function attempt(name: string, limitMs: number, options: OnlineOptions, ask: (limited: OnlineOptions) => Promise<Finding>): Promise<Check> {
  const { wall, signal, onProgress } = options;
  using deadline = new Deadline({ wall, ms: limitMs, signal });
  onProgress?.(name, 'asking');
  const check = { group: 'online', name, needed: false, state: 'works' } as const;
  try {
    return { ...check, ...(await ask({ ...options, signal: deadline.signal })) };
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.passed) return { ...check, state: 'broken', detail: `no answer within ${limitMs / 1000} s` };
    if (error instanceof UsageError) return { ...check, state: 'broken', detail: error.mistakes[0]?.message ?? '', advice: error.mistakes[0]?.hint };
    if (error instanceof ProviderError) return { ...check, state: 'broken', detail: error.message };
    throw error;
  } finally {
    onProgress?.(name, 'done');
  }
}

/** OpenAI is asked for a word of the usual model, because only that shows a quota; another server for its models, if it has a list. */
async function askOpenAi(options: OnlineOptions): Promise<Finding> {
  const { wall, secrets, signal, openAiUrl } = options;
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = secrets;
  if (baseUrl === undefined) return askForWord(options, openAiUrl);
  try {
    const models = await listModels({ wall, apiKey, baseUrl, signal });
    return { detail: models.length === 0 ? 'the server answers, and lists no models' : `the server answers, with ${someOf(models)}`, advice: 'a scenario names one as llm.model' };
  } catch (unlisted) {
    if (!isNotFound(unlisted)) throw unlisted;
    try {
      return await askForWord(options, baseUrl);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Who knows which models there are not is a chat server; who knows nothing at all is more likely another address.
      if (!error.message.includes('model_not_found')) throw unlisted;
      return { detail: 'the server answers; it lists no models, and has no gpt-4o', advice: 'a scenario names one of its own as llm.model' };
    }
  }
}

function isNotFound(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.kind === 'not_found';
}

async function askForWord({ wall, secrets, signal }: OnlineOptions, baseUrl: string | undefined): Promise<Finding> {
  const chat = await openChat({ apiKey: secrets.OPENAI_API_KEY, baseUrl, maxCompletionTokens: 1, patience: { attempts: 1 } }, wall);
  const request = { agent: 'doctor', replyId: 'doctor', messages: [{ role: 'user', text: 'Hi' }], tools: [], cause: 'turn' } as const;
  for await (const { value } of chat.ask(request, signal)) {
    // A single token may be one that is not spoken; the model has answered all the same.
    if (value.kind === 'failed' && value.failure.kind !== 'empty') throw new ProviderError(value.failure.message, { provider: 'openai', kind: value.failure.kind });
  }
  signal.throwIfAborted();
  return { detail: `${chat.model} answers` };
}

async function askElevenLabs({ wall, secrets, signal }: OnlineOptions): Promise<Finding> {
  const account = { wall, apiKey: needed(secrets, 'ELEVENLABS_API_KEY', 'ElevenLabs'), baseUrl: secrets.ELEVENLABS_BASE_URL, signal };
  const [voices, left] = await Promise.all([listVoices(account), remainingCharacters(account)]);
  const characters = left === undefined ? '' : `, ${left} characters left`;
  return { detail: `${voices.length} voices${characters}`, ...(left === 0 && { state: 'broken', advice: 'the account has no characters left in this period' }) };
}

async function askDaily({ wall, env, secrets, signal, daily }: OnlineOptions): Promise<Finding> {
  const { DAILY_CALL_MACHINE_URL: callMachineFolder } = secrets;
  const rest = openDailyRest({ wall, secrets });
  const executable = chromiumIfHere(secrets, env);
  const tuning = { ...(callMachineFolder !== undefined && { callMachineFolder }), ...daily };
  const seats = executable === undefined ? undefined : new DailySeats({ wall, executable, ...tuning });
  const { joined, transcriptionTrouble } = await tryRoom({ rest, wall, seats, signal });
  if (!joined) return { detail: 'a room was made and deleted; it was not joined, because Chromium is missing' };
  if (transcriptionTrouble === undefined) return { detail: 'a room was made, joined and deleted; transcription began' };
  return {
    detail: `a room was made, joined and deleted; transcription did not begin: ${transcriptionTrouble}`,
    advice: 'transcription is a paid feature of Daily; --transcription openai or elevenlabs listens instead',
  };
}

function chromiumIfHere(secrets: Secrets, env: OnlineOptions['env']): string | undefined {
  try {
    return chromiumHere(secrets, env);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

const NAMED_MODELS = 5;

function someOf(models: readonly string[]): string {
  const named = models.slice(0, NAMED_MODELS).join(', ');
  return models.length > NAMED_MODELS ? `${models.length} models, such as ${named}` : named;
}
