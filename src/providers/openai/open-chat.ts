/**
 * Opens the way to a chat server that speaks OpenAI's chat completions protocol. Checks what the user gave and fills
 * in what they did not; the client library is loaded only here. No request is made.
 */
import { UsageError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import { chatAddress, type ChatPlace } from './chat-address.ts';
import { DEFAULT_PATIENCE, type Patience } from './patience.ts';

export type OpenAiSettings = ChatPlace & {
  /** OPENAI_API_KEY; servers on one's own machine often need none. */
  readonly apiKey: string | undefined;
  readonly model?: string | undefined;
  /** The longest answer, in tokens. */
  readonly maxCompletionTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly patience?: Partial<Patience> | undefined;
};

/** The model, the limit of a spoken answer and the temperature that bottalk's agents always had. */
export const CHAT_DEFAULTS = { model: 'gpt-4o', maxCompletionTokens: 200, temperature: 0.7 } as const;

/** Throws a UsageError if the address or the key cannot be one. */
export async function openChat(settings: OpenAiSettings, wall: WallClock): Promise<LiveLlm> {
  const address = chatAddress(settings);
  checkKeyCharacters(settings.apiKey);
  const { OpenAiChat } = await import('./openai-chat.ts');
  return new OpenAiChat({
    address,
    wall,
    apiKey: settings.apiKey,
    chat: {
      model: settings.model ?? CHAT_DEFAULTS.model,
      maxCompletionTokens: settings.maxCompletionTokens ?? CHAT_DEFAULTS.maxCompletionTokens,
      temperature: settings.temperature ?? CHAT_DEFAULTS.temperature,
    },
    patience: { ...DEFAULT_PATIENCE, ...settings.patience },
  });
}

/** Throws a UsageError for what cannot be a key: the client would quote the whole header in its complaint. */
export function checkKeyCharacters(apiKey: string | undefined): void {
  if (/^[\x21-\x7e]*$/.test(apiKey ?? '')) return;
  throw new UsageError('the key for the chat server holds a blank or a character that no key has', 'check OPENAI_API_KEY');
}
