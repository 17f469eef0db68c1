/** Asks a chat server of this machine through the real adapter and client, on a wall clock that a test moves. */
import type { Arrival } from '../clock/arrival.ts';
import type { LivePiece } from '../clock/live-answer.ts';
import type { LlmChunk, LlmRequest } from '../pipeline/llm.ts';
import { openChat, type OpenAiSettings } from '../providers/openai/open-chat.ts';
import { type ChatServer, type ChatTurn, openChatServer } from './chat-server.ts';
import { ManualWallClock } from './manual-wall-clock.ts';

export const KEY = 'sk-test-0123456789';

export const REQUEST: LlmRequest = {
  agent: 'Sarah',
  replyId: 'reply-1',
  messages: [
    { role: 'system', text: 'You are Sarah.' },
    { role: 'user', text: 'Good morning.' },
  ],
  tools: [],
  cause: 'turn',
};

export type ChatPiece = LivePiece<LlmChunk>;

type AskOptions = { readonly request?: LlmRequest; readonly signal?: AbortSignal };

/** An answer, taken piece by piece. */
export type Asked = {
  next(): Promise<Arrival<ChatPiece> | undefined>;
  /** All that is still to come. */
  rest(): Promise<ChatPiece[]>;
  close(): Promise<void>;
};

export class ChatAsker {
  readonly wall = new ManualWallClock();
  readonly server: ChatServer;
  readonly #unseen: ChatTurn[];
  readonly #whenAsked: Set<() => void>;

  static async open(): Promise<ChatAsker> {
    const unseen: ChatTurn[] = [];
    const whenAsked = new Set<() => void>();
    const server = await openChatServer((turn) => {
      unseen.push(turn);
      for (const tell of whenAsked) tell();
    });
    return new ChatAsker(server, unseen, whenAsked);
  }

  private constructor(server: ChatServer, unseen: ChatTurn[], whenAsked: Set<() => void>) {
    this.server = server;
    this.#unseen = unseen;
    this.#whenAsked = whenAsked;
  }

  /** As failures name the server. */
  get host(): string {
    return new URL(this.server.baseUrl).host;
  }

  /** The next request that the server gets and takes. */
  async nextTurn(): Promise<ChatTurn> {
    for (;;) {
      const turn = this.#unseen.shift();
      if (turn) return turn;
      await new Promise<void>((resolve) => {
        this.#whenAsked.clear();
        this.#whenAsked.add(resolve);
      });
    }
  }

  async ask(settings: Partial<OpenAiSettings> = {}, { request = REQUEST, signal = new AbortController().signal }: AskOptions = {}): Promise<Asked> {
    const chat = await openChat({ apiKey: KEY, baseUrl: this.server.baseUrl, ...settings }, this.wall);
    const iterator = chat.ask(request, signal)[Symbol.asyncIterator]();
    const next = async (): Promise<Arrival<ChatPiece> | undefined> => {
      const result = await iterator.next();
      return result.done ? undefined : result.value;
    };
    return {
      next,
      rest: async () => {
        const pieces: ChatPiece[] = [];
        for (let piece = await next(); piece; piece = await next()) pieces.push(piece.value);
        return pieces;
      },
      close: async () => void (await iterator.return?.()),
    };
  }

  /** All pieces of the answer; each request is answered by the next of `answers`. Waits before retries are over at once. */
  async answerTo(answers: readonly ((turn: ChatTurn) => void)[], settings: Partial<OpenAiSettings> = {}, request = REQUEST): Promise<ChatPiece[]> {
    const asked = await this.ask(settings, { request });
    const pieces: ChatPiece[] = [];
    const left = [...answers];
    left.shift()?.(await this.nextTurn());
    for (let piece = await asked.next(); piece; piece = await asked.next()) {
      pieces.push(piece.value);
      if (piece.value.kind !== 'retrying') continue;
      this.wall.advance(piece.value.retryInMs);
      left.shift()?.(await this.nextTurn());
    }
    return pieces;
  }

  /** Waits until the adapter waits for nothing any more: no deadline is running. */
  async settled(): Promise<void> {
    while (this.wall.pending > 0) await this.wall.yieldToProcess();
  }
}
