/** The voice that a scenario's agent asks for. */
import { drawLatencyMs } from '../base/latency.ts';
import type { Random } from '../base/random.ts';
import type { Clock } from '../clock/clock.ts';
import type { OnRetry } from '../clock/live-answer.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { LiveTts } from '../pipeline/live-tts.ts';
import type { TtsProvider } from '../pipeline/tts.ts';
import type { ElevenLabsWaits } from '../providers/elevenlabs/options.ts';
import { LiveVoice } from '../providers/live/live-voice.ts';
import { OfflineVoice } from '../providers/voice/offline-voice.ts';
import type { Synthesiser } from '../providers/voice/synthesiser.ts';
import type { ScenarioAgent } from '../scenarios/scenario.ts';
import type { Deck } from './deck.ts';
import { needed, type Secrets } from './secrets.ts';

export type VoiceOptions = {
  readonly clock: Clock;
  readonly wall: WallClock;
  readonly secrets: Secrets;
  readonly deck: Deck;
  readonly waits?: Partial<ElevenLabsWaits> | undefined;
  readonly synthesiser: Synthesiser;
  /** The voice by the name that its provider knows. */
  readonly voice: string;
  /** Draws modelled latencies. */
  readonly latency: Random;
};

export type OpenedVoice = {
  readonly tts: TtsProvider;
  /** Connects to the world. Rejects with a ProviderError where that refuses, after as many tries as there are. */
  connect(signal?: AbortSignal, onRetry?: OnRetry): Promise<void>;
  close(): Promise<void>;
};

/** The model that the agents' voices had from the beginning. */
export const ELEVENLABS_MODEL = 'eleven_turbo_v2_5';

/** Throws a UsageError where a key is missing. Makes no connection. */
export async function openVoice(agent: ScenarioAgent, options: VoiceOptions): Promise<OpenedVoice> {
  const { clock, deck, synthesiser, voice, latency } = options;
  const { name, tts } = agent;
  if (tts.provider === 'elevenlabs') {
    const speech = await deck.tts(name, () => openElevenLabs(agent, options));
    const tape = deck.tape(name, { tts: tts.provider });
    return {
      tts: new LiveVoice({ clock, tts: speech, charge: deck.charge, tape }),
      connect: (signal, onRetry) => speech.prepare({ agent: name, voice }, signal, onRetry),
      close: () => speech.close(),
    };
  }
  const firstByteMs: ConstructorParameters<typeof OfflineVoice>[0]['firstByteMs'] = ({ replyId, sentenceIndex }) =>
    drawLatencyMs(tts.first_byte_ms, latency.fork(`${replyId}/${sentenceIndex}`));
  return { tts: new OfflineVoice({ clock, synthesiser, firstByteMs }), connect: async () => {}, close: async () => {} };
}

async function openElevenLabs({ name, tts }: ScenarioAgent, options: VoiceOptions): Promise<LiveTts> {
  const { wall, secrets, waits } = options;
  const apiKey = needed(secrets, 'ELEVENLABS_API_KEY', `${name}'s voice`);
  const model = tts.model ?? secrets.ELEVENLABS_MODEL ?? ELEVENLABS_MODEL;
  const asked = { wall, apiKey, model, baseUrl: secrets.ELEVENLABS_BASE_URL, waits };
  if (tts.transport === 'http') return new (await import('../providers/elevenlabs/http-tts.ts')).ElevenLabsHttpTts(asked);
  return new (await import('../providers/elevenlabs/socket-tts.ts')).ElevenLabsSocketTts(asked);
}
