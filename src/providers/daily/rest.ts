/**
 * Daily's REST interface, as far as a call needs it: rooms, tokens, app messages and transcription. Every request has
 * its own time limit and is tried again where that can help. The API key goes into a header and nowhere else.
 */
import { retrying, type FailedTry } from '../../base/retry.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { answerOf, type HttpRequest, textIn } from './rest-request.ts';

export type DailyRestOptions = {
  readonly wall: WallClock;
  readonly apiKey: string;
  /** Without a slash at its end. */
  readonly baseUrl?: string;
  /** How long one try may take. */
  readonly timeoutMs?: number;
  readonly firstWaitMs?: number;
  readonly onFailedTry?: (failure: FailedTry) => void;
};

/** A room that exists. */
export type DailyRoom = { readonly name: string; readonly url: string };

export type TokenRequest = {
  readonly roomName: string;
  readonly userName: string;
  readonly expiresAtSecs: number;
  readonly owner?: boolean;
  readonly hidden?: boolean;
};

/** How Daily is asked to transcribe; names and meanings are those of its REST interface. */
export type TranscriptionRequest = {
  readonly language: string;
  readonly model: string;
  readonly profanity_filter: boolean;
  readonly redact: boolean;
  readonly endpointing: boolean;
  readonly punctuate: boolean;
  /** Without it nobody can tell interim texts from final ones. */
  readonly includeRawResponse: true;
  readonly extra: { readonly interim_results: boolean };
};

/** What Pipecat's Daily transport asks for. */
export const DEFAULT_TRANSCRIPTION: TranscriptionRequest = {
  language: 'en',
  model: 'nova-2-general',
  profanity_filter: true,
  redact: false,
  endpointing: true,
  punctuate: true,
  includeRawResponse: true,
  extra: { interim_results: true },
};

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
const TIMEOUT_MS = 10_000;

/** Each method rejects with a ProviderError of provider `daily`, or with the signal's reason. */
export class DailyRest {
  readonly #options: DailyRestOptions;
  readonly #baseUrl: string;

  constructor(options: DailyRestOptions) {
    this.#options = options;
    this.#baseUrl = options.baseUrl ?? 'https://api.daily.co/v1';
  }

  /**
   * Makes a public room under a name of Daily's choice that throws everybody out when it expires. The signal calls off
   * further tries only: whoever hung up on the one that is under way would never know the room that it makes.
   */
  async createRoom({ expiresAtSecs }: { readonly expiresAtSecs: number }, signal?: AbortSignal): Promise<DailyRoom> {
    // By itself exp only keeps newcomers out.
    const properties = { exp: expiresAtSecs, eject_at_room_exp: true };
    const answer = await this.#ask({ method: 'POST', path: '/rooms', body: { properties }, toItsEnd: true }, signal);
    return { name: textIn(answer, 'name'), url: textIn(answer, 'url') };
  }

  /** Throws out whoever is inside. A room that is gone already counts as deleted. */
  async deleteRoom(name: string, signal?: AbortSignal): Promise<void> {
    await this.#ask({ method: 'DELETE', path: `/rooms/${encodeURIComponent(name)}`, goneIsFine: true }, signal);
  }

  /** A token for one room and one person. Who is hidden hears everybody and is seen and heard by nobody. */
  async createToken({ roomName, userName, expiresAtSecs, owner = false, hidden = false }: TokenRequest, signal?: AbortSignal): Promise<string> {
    // Without a room name a token would open every room of the account.
    const permissions = { hasPresence: false, canSend: false };
    const properties = { room_name: roomName, user_name: userName, exp: expiresAtSecs, ...(owner && { is_owner: true }), ...(hidden && { permissions }) };
    const answer = await this.#ask({ method: 'POST', path: '/meeting-tokens', body: { properties } }, signal);
    return textIn(answer, 'token');
  }

  /** Sends JSON of at most 4 KB to everybody in the room, or to one session. */
  async sendAppMessage(roomName: string, data: unknown, recipient = '*', signal?: AbortSignal): Promise<void> {
    await this.#ask({ method: 'POST', path: `/rooms/${encodeURIComponent(roomName)}/send-app-message`, body: { data, recipient } }, signal);
  }

  /** Asks for transcription; that it has begun is told to those in the room. */
  async startTranscription(roomName: string, request: TranscriptionRequest = DEFAULT_TRANSCRIPTION, signal?: AbortSignal): Promise<void> {
    await this.#ask({ method: 'POST', path: `/rooms/${encodeURIComponent(roomName)}/transcription/start`, body: request }, signal);
  }

  #ask(request: HttpRequest, signal: AbortSignal | undefined): Promise<Readonly<Record<string, unknown>>> {
    const { wall, apiKey, timeoutMs = TIMEOUT_MS, firstWaitMs = FIRST_WAIT_MS, onFailedTry } = this.#options;
    return retrying(() => answerOf(request, { wall, baseUrl: this.#baseUrl, apiKey, timeoutMs, signal }), {
      wall,
      attempts: ATTEMPTS,
      firstWaitMs,
      longestWaitMs: LONGEST_WAIT_MS,
      signal,
      onFailedTry,
    });
  }
}
