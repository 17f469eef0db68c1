/** Speech over HTTP with timestamps, on the server's side: one JSON object per line, as the vendor's client expects. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { StreamTextToSpeechWithTimestampsRequest } from '@elevenlabs/elevenlabs-js/serialization/resources/textToSpeech/client/requests/StreamTextToSpeechWithTimestampsRequest.js';
import { StreamingAudioChunkWithTimestampsResponse } from '@elevenlabs/elevenlabs-js/serialization/types/StreamingAudioChunkWithTimestampsResponse.js';
import { SpeechLine } from './speech-line.ts';
import { CHARACTER_MS, speechOf, type SpeechPiece, type SpeechPlan } from './speech-plan.ts';

/** What a client asked for. */
export type SpeechRequestSeen = {
  readonly voice: string;
  readonly text: string;
  readonly previousText: string | undefined;
  readonly model: string | undefined;
  readonly format: string | null;
  readonly voiceSettings: unknown;
};

/** Throws for what the vendor's serializer refuses. */
export async function readSpeechRequest(request: IncomingMessage, url: URL, voice: string): Promise<SpeechRequestSeen> {
  const body: unknown = JSON.parse(await textOf(request));
  const { text, previousText, modelId: model, voiceSettings } = StreamTextToSpeechWithTimestampsRequest.parseOrThrow(body);
  return { voice, text, previousText, model, voiceSettings, format: url.searchParams.get('output_format') };
}

/** An answer that is being sent. */
export type HttpSpeech = { release(): void; drop(): void };

export function answerOverHttp(response: ServerResponse, text: string, plan: SpeechPlan): HttpSpeech {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const drop = (): void => void response.destroy();
  let sentCharacters = 0;
  const line = new SpeechLine({
    plan,
    send(piece) {
      response.write(`${JSON.stringify(lineOf(piece, sentCharacters, plan))}\n`);
      sentCharacters += piece.characters.length;
    },
    onFault(fault) {
      switch (fault) {
        case 'empty':
        case 'misaligned':
          return;
        case 'stall':
          return void line.close();
        case 'drop':
          line.close();
          // What was written still goes out, and then the answer breaks off.
          return void response.socket?.end();
        case 'unreadable':
          return void response.write('<html>Bad gateway</html>\n');
        case 'mistyped':
          return void response.write('{"audio_base64":17}\n');
      }
    },
  });
  response.on('close', () => line.close());
  line.add(speechOf(text));
  line.drain(() => void response.end());
  return { release: () => line.release(), drop };
}

/** Times count from the beginning of the whole answer. */
function lineOf({ characters, sound }: SpeechPiece, from: number, { fault }: SpeechPlan): unknown {
  const startsSeconds = characters.map((_character, i) => ((from + i) * CHARACTER_MS) / 1000);
  const alignment = {
    characters: [...characters],
    characterStartTimesSeconds: fault === 'misaligned' ? startsSeconds.slice(1) : startsSeconds,
    characterEndTimesSeconds: characters.map((_character, i) => ((from + i + 1) * CHARACTER_MS) / 1000),
  };
  return StreamingAudioChunkWithTimestampsResponse.jsonOrThrow({ audioBase64: sound.toString('base64'), alignment, normalizedAlignment: alignment });
}
