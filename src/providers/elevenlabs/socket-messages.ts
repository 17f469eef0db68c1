/**
 * The messages of the multi-context speech WebSocket. The vendor's package has no client for it, so each message is
 * built and read with the vendor's own serializers, whose types and keys are enforced; only keys that are new on the
 * vendor's side are passed over.
 */
import { notUnderstood } from './failures.ts';
import { VOICE_SETTINGS } from './voice-settings.ts';
import type { Alignment } from './word-timing.ts';

/** What the server says, in one form. A refusal is about its context, or about all if it names none. */
export type ServerMessage = {
  readonly contextId: string | undefined;
  readonly sound: Buffer | undefined;
  readonly alignment: Alignment | undefined;
  readonly final: boolean;
  readonly refusal: string | undefined;
};

export interface SocketMessages {
  openContext(contextId: string): string;
  text(contextId: string, sentence: string): string;
  flush(contextId: string): string;
  closeContext(contextId: string): string;
  /** For one context, or for a socket that has none. */
  keepAlive(contextId?: string): string;
  closeSocket(): string;
  /** Throws a ProviderError for what is no message of the protocol. */
  read(message: string): ServerMessage;
}

/** Loads the serializers, which takes about 60 ms; the whole package would take more than a second. */
export async function loadSocketMessages(): Promise<SocketMessages> {
  const [{ InitializeConnectionMulti }, { SendTextMulti }, { FlushContext }, { CloseContext }, { KeepContextAlive }, { CloseSocket }, read] =
    await Promise.all([
      import('@elevenlabs/elevenlabs-js/serialization/types/InitializeConnectionMulti.js'),
      import('@elevenlabs/elevenlabs-js/serialization/types/SendTextMulti.js'),
      import('@elevenlabs/elevenlabs-js/serialization/types/FlushContext.js'),
      import('@elevenlabs/elevenlabs-js/serialization/types/CloseContext.js'),
      import('@elevenlabs/elevenlabs-js/serialization/types/KeepContextAlive.js'),
      import('@elevenlabs/elevenlabs-js/serialization/types/CloseSocket.js'),
      loadReader(),
    ]);
  return {
    openContext: (contextId) => JSON.stringify(InitializeConnectionMulti.jsonOrThrow({ text: ' ', contextId, voiceSettings: VOICE_SETTINGS })),
    // The space at the end also keeps the last word of a sentence apart from the first of the next.
    text: (contextId, sentence) => JSON.stringify(SendTextMulti.jsonOrThrow({ text: `${sentence.trim()} `, contextId })),
    flush: (contextId) => JSON.stringify(FlushContext.jsonOrThrow({ contextId, flush: true })),
    closeContext: (contextId) => JSON.stringify(CloseContext.jsonOrThrow({ contextId, closeContext: true })),
    keepAlive: (contextId) => {
      const message = contextId === undefined ? SendTextMulti.jsonOrThrow({ text: '' }) : KeepContextAlive.jsonOrThrow({ text: '', contextId });
      return JSON.stringify(message);
    },
    closeSocket: () => JSON.stringify(CloseSocket.jsonOrThrow({ closeSocket: true })),
    read,
  };
}

/** Newer keys of the vendor are no fault; everything known must have its type. */
const LENIENT = { unrecognizedObjectKeys: 'strip' } as const;

async function loadReader(): Promise<(message: string) => ServerMessage> {
  const [{ WebsocketTtsServerMessageMulti }, { FinalOutputMulti }] = await Promise.all([
    import('@elevenlabs/elevenlabs-js/serialization/types/WebsocketTtsServerMessageMulti.js'),
    import('@elevenlabs/elevenlabs-js/serialization/types/FinalOutputMulti.js'),
  ]);
  return (text) => {
    const message = parseObject(text);
    const refusal = refusalIn(message);
    const parsed = WebsocketTtsServerMessageMulti.parse(message, LENIENT);
    if (!parsed.ok) throw notUnderstood('a message of an unknown form');
    const { contextId, audio, alignment, normalizedAlignment, isFinal } = parsed.value;
    // The package knows two spellings of the last message of a context: is_final among others, isFinal on its own.
    const final = isFinal === true || FinalOutputMulti.parse(message, LENIENT).ok;
    if (!refusal && !final && !KNOWN_KEYS.some((key) => key in message)) throw notUnderstood('a message of an unknown form');
    return { contextId, sound: audio ? Buffer.from(audio, 'base64') : undefined, alignment: aligned(alignment ?? normalizedAlignment), final, refusal };
  };
}

const KNOWN_KEYS = ['audio', 'alignment', 'normalizedAlignment', 'isFinal', 'is_final'];

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notUnderstood('a message that is no JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notUnderstood('a message of an unknown form');
  return value as Record<string, unknown>;
}

/** Refusals come as { error, message, code }; no serializer exists for them. */
function refusalIn({ error, message, code }: Record<string, unknown>): string | undefined {
  if (typeof error !== 'string' && typeof code !== 'number') return undefined;
  return [error, message].filter((part) => typeof part === 'string').join(' ') || 'refused';
}

type VendorAlignment = { readonly chars?: readonly string[]; readonly charStartTimesMs?: readonly number[]; readonly charDurationsMs?: readonly number[] };

function aligned(alignment: VendorAlignment | undefined): Alignment | undefined {
  if (!alignment?.chars) return undefined;
  const { chars, charStartTimesMs = [], charDurationsMs = [] } = alignment;
  // A list that is too short shows as one: its end is missing, and nothing is made up.
  const endsMs = charDurationsMs.slice(0, charStartTimesMs.length).map((durationMs, i) => (charStartTimesMs[i] as number) + durationMs);
  const sound = charDurationsMs.length === charStartTimesMs.length;
  return { characters: chars, startsMs: charStartTimesMs, endsMs: sound ? endsMs : [] };
}
