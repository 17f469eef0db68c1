/** The ears of the world that a scenario asks for instead of its room's own. */
import { UsageError } from '../base/errors.ts';
import type { TryPatience } from '../base/timed-tries.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { ElevenLabsStt } from '../providers/elevenlabs/http-stt.ts';
import { openStt } from '../providers/openai/open-stt.ts';
import type { LiveStt } from '../room/live-stt.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { needed, type Secrets } from './secrets.ts';

/** Throws the UsageError of a transcription that cannot be had: a key that is missing, or text that nobody sends. */
export function checkEars({ transcription, room }: Scenario, secrets: Secrets): void {
  const { provider, base_url: baseUrl, interim } = transcription;
  const real = provider === 'openai' || provider === 'elevenlabs';
  if (provider === 'embedded' && room.kind !== 'embedded') {
    throw new UsageError(`transcription.provider embedded is a part of the embedded room, and this is a room of kind ${room.kind}`, 'leave it out, or take openai or elevenlabs');
  }
  if (real && interim && room.kind === 'embedded') {
    throw new UsageError(
      `transcription.interim asks ${provider} for text while somebody still speaks, which needs a room in real time`,
      'in virtual time only whole stretches of speech are sent; leave it out, or take a Daily room',
    );
  }
  if (!real && interim === false) {
    throw new UsageError('transcription.interim cannot be turned off where the room transcribes', 'leave it out, or take openai or elevenlabs');
  }
  if (provider === 'elevenlabs') needed(secrets, 'ELEVENLABS_API_KEY', 'the transcription');
  // Servers of one's own often need no key; OpenAI does.
  if (provider === 'openai' && baseUrl === undefined && secrets.OPENAI_BASE_URL === undefined) needed(secrets, 'OPENAI_API_KEY', 'the transcription');
}

/** With either of them a room that turns out to be deaf is listened to all the same. */
export const SPARE_KEYS = 'OPENAI_API_KEY or ELEVENLABS_API_KEY';

/** The same scenario with ears that have a key, for a room that turns out to be deaf; undefined where none has. */
export function spareEars(scenario: Scenario, secrets: Secrets): Scenario | undefined {
  const { OPENAI_API_KEY: openai, OPENAI_BASE_URL: ownServer, ELEVENLABS_API_KEY: elevenlabs } = secrets;
  // A server of one's own, or a gateway, may know chat only.
  const isElevenLabsBetter = elevenlabs !== undefined && (openai === undefined || ownServer !== undefined);
  const provider = isElevenLabsBetter ? 'elevenlabs' : openai === undefined ? undefined : 'openai';
  return provider && { ...scenario, transcription: { ...scenario.transcription, provider } };
}

export type EarsOptions = { readonly wall: WallClock; readonly secrets: Secrets; readonly patience?: Partial<TryPatience> | undefined };

/** Undefined where the room transcribes. Loads what the first request would otherwise wait for, and makes none. */
export async function openEars({ transcription }: Scenario, { wall, secrets, patience }: EarsOptions): Promise<LiveStt | undefined> {
  const { provider, model, base_url: scenarioUrl } = transcription;
  const stt =
    provider === 'openai'
      ? await openStt({ apiKey: secrets.OPENAI_API_KEY, baseUrl: secrets.OPENAI_BASE_URL, scenarioUrl, model, patience }, wall)
      : provider === 'elevenlabs'
        ? new ElevenLabsStt({ wall, apiKey: needed(secrets, 'ELEVENLABS_API_KEY', 'the transcription'), baseUrl: secrets.ELEVENLABS_BASE_URL, model, patience })
        : undefined;
  await stt?.prepare();
  return stt;
}
