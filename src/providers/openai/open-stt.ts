/**
 * Opens the way to a server that speaks OpenAI's transcription protocol. Checks what the user gave and fills in what
 * they did not; the client library is loaded only here. No request is made.
 */
import type { TryPatience } from '../../base/timed-tries.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { LiveStt } from '../../room/live-stt.ts';
import { chatAddress, type ChatPlace } from './chat-address.ts';
import { checkKeyCharacters } from './open-chat.ts';

export type OpenAiSttSettings = ChatPlace & {
  /** OPENAI_API_KEY; servers on one's own machine often need none. */
  readonly apiKey: string | undefined;
  readonly model?: string | undefined;
  readonly patience?: Partial<TryPatience> | undefined;
};

/** The model whose latency and error rate others have published. */
export const OPENAI_STT_MODEL = 'gpt-4o-transcribe';

const STT_PATIENCE: TryPatience = {
  // Ten times the P95 that pipecat-ai/stt-benchmark measured for gpt-4o-transcribe (965 ms).
  timeoutMs: 10_000,
  attempts: 3,
  firstWaitMs: 300,
  longestWaitMs: 5000,
};

/** Throws a UsageError if the address or the key cannot be one. */
export async function openStt({ apiKey, model, patience, ...place }: OpenAiSttSettings, wall: WallClock): Promise<LiveStt> {
  const address = chatAddress(place);
  checkKeyCharacters(apiKey);
  const { OpenAiStt } = await import('./openai-stt.ts');
  return new OpenAiStt({ wall, address, apiKey, model: model ?? OPENAI_STT_MODEL, patience: { ...STT_PATIENCE, ...patience } });
}
