/**
 * A server on this machine that speaks OpenAI's streaming chat completions, for adapters, whole calls and the
 * benchmark. It is as strict as OpenAI about what it is sent, and says only what a test makes it say.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as it comes over the wire. */
export type WireMessage = {
  readonly role: string;
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly id: string; readonly type: string; readonly function: { readonly name: string; readonly arguments: string } }[];
  readonly tool_call_id?: string;
};

export type ChatRequestBody = Readonly<Record<string, unknown>> & { readonly model: string; readonly messages: readonly WireMessage[] };

/** One request, and the means to answer it piece by piece. */
export class ChatTurn {
  readonly body: ChatRequestBody;
  readonly headers: IncomingHttpHeaders;
  /** With the query. */
  readonly path: string;
  /** Resolves when the connection is gone; true: before the answer was whole. */
  readonly closed: Promise<boolean>;
  readonly #response: ServerResponse;

  constructor(request: { body: ChatRequestBody; headers: IncomingHttpHeaders; path: string }, response: ServerResponse) {
    this.body = request.body;
    this.headers = request.headers;
    this.path = request.path;
    this.#response = response;
    this.closed = new Promise((resolve) => response.once('close', () => resolve(!response.writableFinished)));
  }

  /** Sends the headers of a stream, and OpenAI's first chunk, which says nothing. */
  begin(): this {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    return this.delta({ role: 'assistant', content: '' });
  }

  delta(delta: object, more: object = {}): this {
    return this.chunk({ choices: [{ index: 0, delta, finish_reason: null }], ...more });
  }

  say(text: string): this {
    return this.delta({ content: text });
  }

  chunk(chunk: object): this {
    const common = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: this.body.model };
    return this.raw(`data: ${JSON.stringify({ ...common, ...chunk })}\n\n`);
  }

  raw(text: string): this {
    if (!this.#response.headersSent) this.#response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    this.#response.write(text);
    return this;
  }

  /** Ends the stream as OpenAI does: a reason, the usage if it was asked for, and a last line. */
  finish(reason = 'stop', usage: { readonly prompt: number; readonly completion: number } = { prompt: 21, completion: 9 }): void {
    this.chunk({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    const { include_usage: wanted } = { include_usage: false, ...(this.body['stream_options'] as object | undefined) };
    if (wanted) {
      const { prompt, completion } = usage;
      this.chunk({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion } });
    }
    this.raw('data: [DONE]\n\n').end();
  }

  /** A whole answer, a word at a time. */
  answer(text: string): void {
    this.begin();
    for (const word of text.match(/\S+\s*/g) ?? []) this.say(word);
    this.finish();
  }

  refuse(status: number, error: object | string, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.#response.end(typeof error === 'string' ? error : JSON.stringify({ error }));
  }

  end(): void {
    this.#response.end();
  }

  /** Sends what is no HTTP. */
  garble(): void {
    this.#response.socket?.end('what is this\r\n');
  }

  /** Hangs up without a word. */
  hangUp(): void {
    this.#response.destroy();
  }
}

export type ChatServer = {
  /** For `base_url`, with /v1 at its end. */
  readonly baseUrl: string;
  /** Every request so far, refused ones included. */
  readonly turns: readonly ChatTurn[];
  close(): Promise<void>;
};

export type ChatServerOptions = {
  /** Those that can be listed. */
  readonly models?: readonly string[];
  /** Any free one if not given. */
  readonly port?: number;
};

/** `onTurn` answers each request that OpenAI would take; any other is refused as OpenAI would. */
export async function openChatServer(onTurn: (turn: ChatTurn) => void, { models, port = 0 }: ChatServerOptions = {}): Promise<ChatServer> {
  const turns: ChatTurn[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/v1/models') {
      const data = models?.map((id) => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'somebody' }));
      return void response.writeHead(data ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = bodyIn(Buffer.concat(parts).toString('utf8') || '{}');
      if (!body) return void response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: 'no JSON' } }));
      const path = request.url ?? '';
      const turn = new ChatTurn({ body, headers: request.headers, path }, response);
      turns.push(turn);
      const fault = path.split('?')[0]?.endsWith('/chat/completions') ? faultOf(body) : 'unknown address';
      if (fault !== undefined) turn.refuse(400, { message: fault, type: 'invalid_request_error', param: null, code: null });
      else onTurn(turn);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    turns,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Undefined for what is no mapping in JSON, such as the file of a transcription. */
function bodyIn(text: string): ChatRequestBody | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as ChatRequestBody) : undefined;
  } catch {
    return undefined;
  }
}

/** What OpenAI would refuse. */
function faultOf(body: ChatRequestBody): string | undefined {
  if (!Array.isArray(body.messages as unknown)) return "Missing required parameter: 'messages'.";
  if (body['stream'] !== true) return 'only streams are spoken here';
  if ('max_tokens' in body && 'max_completion_tokens' in body) return "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.";
  if (Array.isArray(body['tools']) && body['tools'].length === 0) return "Invalid 'tools': empty array.";
  let awaited: string[] = [];
  for (const { role, tool_calls: calls, tool_call_id: answers, content } of body.messages) {
    if (role === 'tool') {
      if (!awaited.includes(answers ?? '')) return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'";
      awaited = awaited.filter((id) => id !== answers);
    } else {
      if (awaited.length > 0) return `'tool_call_ids' without response messages: ${awaited.join(', ')}`;
      if (typeof content !== 'string' && !calls) return 'expected a string';
      awaited = (calls ?? []).map(({ id }) => id);
    }
  }
  return awaited.length > 0 ? `'tool_call_ids' without response messages: ${awaited.join(', ')}` : undefined;
}
