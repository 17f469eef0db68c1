/**
 * One try at speaking a reply in a context: what arrives becomes chunks, and silence where sound is owed becomes an
 * error. It ends once, with the last message of the context or with a failure.
 */
import { samplesToMs } from '../../audio/format.ts';
import type { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { TtsChunk } from '../../pipeline/tts.ts';
import { connectionLost, noSound, nothingCame } from './failures.ts';
import type { ServerMessage } from './socket-messages.ts';
import { SpeechAssembler } from './speech-assembler.ts';
import type { ContextListener, SpeechSocket } from './speech-socket.ts';
import { type Alignment, lengthMs, WordTiming } from './word-timing.ts';

export type SocketSpeechOptions = {
  readonly wall: WallClock;
  readonly stallMs: number;
  readonly socket: SpeechSocket;
  readonly name: string;
  readonly onChunk: (chunk: TtsChunk) => void;
};

export class SocketSpeech implements ContextListener {
  readonly #options: SocketSpeechOptions;
  readonly #contextId: string;
  readonly #done = Promise.withResolvers<void>();
  readonly #words = new WordTiming();
  readonly #speech = new SpeechAssembler();
  /** Where the next alignment begins: each counts from the beginning of its own piece of sound. */
  #alignedMs = 0;
  #sentCharacters = 0;
  #alignedCharacters = 0;
  /** Sound has come since text was last sent. */
  #answered = true;
  #finished = false;
  #over = false;
  #callOffStall: () => void = () => undefined;

  /** Opens the context. Throws the ProviderError to which the socket was lost. */
  constructor(options: SocketSpeechOptions) {
    this.#options = options;
    this.#contextId = options.socket.openContext(options.name, this);
    this.#done.promise.catch(() => undefined);
  }

  /** Resolves when all speech has been handed out; rejects with a ProviderError. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  speak(sentence: string): void {
    if (this.#over) return;
    this.#sentCharacters += countCharacters(sentence);
    this.#answered = false;
    this.#options.socket.speak(this.#contextId, sentence);
    this.#watch();
  }

  finish(): void {
    if (this.#over) return;
    this.#finished = true;
    this.#options.socket.finish(this.#contextId);
    this.#watch();
  }

  /** Nothing more of it is wanted. Does nothing once it is over. */
  stop(): void {
    if (!this.#end()) return;
    this.#options.socket.abandon(this.#contextId);
  }

  onMessage({ sound, alignment, final }: ServerMessage): void {
    if (this.#over) return;
    const soundMs = samplesToMs((sound?.length ?? 0) / 2);
    const chunk = this.#speech.add(sound ?? Buffer.alloc(0), alignment ? this.#timed(alignment, soundMs) : []);
    if (chunk) {
      this.#answered = true;
      this.#options.onChunk(chunk);
    }
    if (final) this.#complete();
    else this.#watch();
  }

  onLost(error: ProviderError): void {
    if (this.#end()) this.#done.reject(error);
  }

  /** The words that an alignment completes. Time goes on by it, or by its sound if it makes no sense. */
  #timed(alignment: Alignment, soundMs: number): ReturnType<WordTiming['read']> {
    const words = this.#words.read(alignment, this.#alignedMs);
    this.#alignedMs += lengthMs(alignment) ?? soundMs;
    this.#alignedCharacters += countCharacters(alignment.characters.join(''));
    return words;
  }

  #complete(): void {
    if (!this.#finished) return this.#fail(connectionLost('the server ended the speech', { host: 'ElevenLabs' }));
    if (this.#speech.receivedMs === 0 && this.#sentCharacters > 0) return this.#fail(noSound());
    if (!this.#end()) return;
    const rest = this.#speech.finish(this.#words.flush());
    if (rest) this.#options.onChunk(rest);
    this.#options.socket.forget(this.#contextId);
    this.#done.resolve();
  }

  #fail(error: ProviderError): void {
    if (!this.#end()) return;
    this.#options.socket.abandon(this.#contextId);
    this.#done.reject(error);
  }

  #end(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#callOffStall();
    return true;
  }

  /** Waits for the next message while one is owed. */
  #watch(): void {
    this.#callOffStall();
    if (this.#answered && !this.#finished) return;
    const { wall, stallMs } = this.#options;
    this.#callOffStall = wall.after(stallMs, () => {
      if (this.#isWhole()) this.#complete();
      else this.#fail(nothingCame('sound', stallMs));
    });
  }

  /** Only the last message is missing: there is sound, and its alignment, if it has any, reaches the end of the text. */
  #isWhole(): boolean {
    if (!this.#finished || !this.#answered || this.#speech.receivedMs === 0) return false;
    return this.#alignedCharacters === 0 || this.#alignedCharacters >= this.#sentCharacters;
  }
}

function countCharacters(text: string): number {
  return [...text.replaceAll(/\s/g, '')].length;
}
