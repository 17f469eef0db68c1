/**
 * A server on this machine that speaks two vendors' transcription protocols: OpenAI's and ElevenLabs'. It reads the
 * sound out of what it is sent and is as strict as the vendors; what it hears is for the test to say.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpeechToTextChunkResponseModel } from '@elevenlabs/elevenlabs-js/serialization/types/SpeechToTextChunkResponseModel.js';
import { SAMPLE_RATE_HZ } from '../audio/format.ts';
import { decodeWav } from '../audio/wav.ts';

export type WireWord = { readonly text: string; readonly startSecs: number; readonly endSecs: number };

/** One request, and the means to answer it. */
export class TranscriptionAsked {
  readonly vendor: 'openai' | 'elevenlabs';
  readonly headers: IncomingHttpHeaders;
  readonly fields: Readonly<Record<string, string>>;
  readonly samples: Int16Array;
  /** Resolves when the connection is gone; true: before the answer was whole. */
  readonly closed: Promise<boolean>;
  readonly #response: ServerResponse;

  constructor(request: Pick<TranscriptionAsked, 'vendor' | 'headers' | 'fields' | 'samples'>, response: ServerResponse) {
    this.vendor = request.vendor;
    this.headers = request.headers;
    this.fields = request.fields;
    this.samples = request.samples;
    this.#response = response;
    this.closed = new Promise((resolve) => response.once('close', () => resolve(!response.writableFinished)));
  }

  get seconds(): number {
    return this.samples.length / SAMPLE_RATE_HZ;
  }

  /** The vendor's own form; OpenAI tells words only to whom asks for them. */
  hear(text: string, words: readonly WireWord[] = []): void {
    this.json(200, this.vendor === 'openai' ? this.#openAi(text, words) : elevenLabs(text, words));
  }

  refuse(status: number, body: object, headers: Record<string, string> = {}): void {
    this.json(status, body, headers);
  }

  json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }

  /** Hangs up without a word. */
  hangUp(): void {
    this.#response.destroy();
  }

  #openAi(text: string, words: readonly WireWord[]): object {
    if (this.fields['response_format'] !== 'verbose_json') return { text, usage: { type: 'duration', seconds: Math.ceil(this.seconds) } };
    const timed = words.map(({ text: word, startSecs, endSecs }) => ({ word, start: startSecs, end: endSecs }));
    return { task: 'transcribe', language: 'english', duration: this.seconds, text, words: timed };
  }
}

export type TranscriptionServer = {
  /** For ElevenLabs' address; OpenAI's has /v1 at its end. */
  readonly baseUrl: string;
  readonly openAiUrl: string;
  /** Every request so far that the vendor would take. */
  readonly asked: readonly TranscriptionAsked[];
  /** Rejects if a client broke the protocol. */
  close(): Promise<void>;
};

/** `onAsked` answers each request that the vendor would take; any other is refused. */
export async function openTranscriptionServer(onAsked: (asked: TranscriptionAsked) => void): Promise<TranscriptionServer> {
  const asked: TranscriptionAsked[] = [];
  const violations: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = await readRequest(request);
    if (typeof read === 'string') {
      violations.push(read);
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: read, type: 'invalid_request_error' } }));
      return;
    }
    const one = new TranscriptionAsked(read, response);
    asked.push(one);
    onAsked(one);
  };
  const server = createServer((request, response) => void answer(request, response).catch((error: unknown) => void violations.push(String(error))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl,
    openAiUrl: `${baseUrl}/v1`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (violations.length > 0) throw new Error(`the protocol was broken: ${violations.join('; ')}`);
    },
  };
}

type Read = Pick<TranscriptionAsked, 'vendor' | 'headers' | 'fields' | 'samples'>;

/** The request, or what the vendor would refuse it for. */
async function readRequest(request: IncomingMessage): Promise<Read | string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { headers, url = '' } = request;
  const form = await new Response(Buffer.concat(parts), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  const file = form.get('file');
  if (!(file instanceof File)) return 'no file';
  const fields = Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (url === '/v1/audio/transcriptions') return readOpenAi({ headers, fields, bytes, name: file.name });
  return url.split('?')[0] === '/v1/speech-to-text' ? readElevenLabs({ headers, fields, bytes }) : `unknown address ${url}`;
}

type Form = Pick<TranscriptionAsked, 'headers' | 'fields'> & { readonly bytes: Uint8Array };

function readOpenAi({ headers, fields, bytes, name }: Form & { readonly name: string }): Read | string {
  const { model = '', response_format: format } = fields;
  if (!name.endsWith('.wav')) return `Invalid file format: ${name}`;
  if (format === 'verbose_json' && !model.startsWith('whisper')) return `response_format 'verbose_json' is not compatible with model '${model}'`;
  if ('timestamp_granularities[]' in fields && format !== 'verbose_json') return 'timestamp_granularities needs verbose_json';
  const wav = decodeWav(bytes);
  if (wav?.sampleRateHz !== SAMPLE_RATE_HZ || wav.tracks.length !== 1) return 'the file is not 16 kHz mono';
  return { vendor: 'openai', headers, fields, samples: wav.tracks[0] as Int16Array };
}

function readElevenLabs({ headers, fields, bytes }: Form): Read | string {
  if (fields['file_format'] !== 'pcm_s16le_16' || bytes.length % 2 !== 0) return 'the file is not PCM';
  if (!fields['model_id']?.startsWith('scribe')) return `no model ${fields['model_id']}`;
  if (headers['xi-api-key'] === undefined) return 'no key';
  return { vendor: 'elevenlabs', headers, fields, samples: new Int16Array(bytes.slice().buffer) };
}

/** Words, and the blanks between them. */
function elevenLabs(text: string, words: readonly WireWord[]): unknown {
  const entries = words.flatMap(({ text: word, startSecs: start, endSecs: end }, i) => [
    ...(i === 0 ? [] : [{ text: ' ', start, end: start, type: 'spacing' as const, logprob: 0 }]),
    { text: word, start, end, type: 'word' as const, logprob: -0.1 },
  ]);
  return SpeechToTextChunkResponseModel.jsonOrThrow({ languageCode: 'eng', languageProbability: 0.98, text, words: entries });
}
