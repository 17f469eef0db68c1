/**
 * The main thread's end of the voice worker: starts it at the first sentence, matches answers to sentences, and turns
 * a worker that broke or hangs into ProviderErrors. A thread that nobody waits for does not keep the process alive.
 */
import { Worker } from 'node:worker_threads';
import { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.ts';

/** The longest text that a scenario may hold takes a few seconds; a worker silent for so long will not answer. */
const STALL_MS = 60_000;

export type WorkerLinkOptions = {
  readonly wall: WallClock;
  readonly worker: WorkerOptions;
  readonly onWarning: (text: string) => void;
  readonly stallMs?: number | undefined;
};

type Sentence = { readonly voice: string; readonly text: string; readonly cacheKey: string; readonly urgent: boolean };

type Pending = { awaited: boolean; readonly resolve: (bytes: Uint8Array) => void; readonly reject: (error: ProviderError) => void };

export class WorkerLink {
  readonly #options: WorkerLinkOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #cancelStallTimer: (() => void) | undefined;
  #lastId = 0;

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
  }

  /** Has a sentence spoken; `bytes` is an encoded Speech. It counts as awaited once `awaitIt` was called. */
  speak(sentence: Sentence): { readonly id: number; readonly bytes: Promise<Uint8Array> } {
    const id = ++this.#lastId;
    const bytes = new Promise<Uint8Array>((resolve, reject) => this.#pending.set(id, { awaited: false, resolve, reject }));
    this.#post({ kind: 'speak', id, ...sentence });
    return { id, bytes };
  }

  /** Keeps the process alive, and watches over the worker, until this sentence has been answered. */
  awaitIt(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.awaited = true;
    this.#updateAwaited();
  }

  /** Moves a sentence that was asked for ahead of time to those that somebody waits for. */
  makeUrgent(id: number): void {
    if (this.#pending.has(id)) this.#post({ kind: 'urgent', id });
  }

  /** Ends the worker at once; sentences that are not ready fail. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#failAll(failure('server', 'the offline voice was closed'));
    await worker?.terminate();
  }

  #post(message: ToWorker): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    // The same extension as this file: `.ts` when run from source, `.js` when compiled.
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    const entry = new URL(`voice-worker${extension}`, import.meta.url);
    // Without the flags of this process: some, such as --input-type, are not for a thread that runs a file.
    const worker = new Worker(entry, { name: 'voice', workerData: this.#options.worker, execArgv: [] });
    worker.unref();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error: unknown) => this.#onEnd(worker, error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#onEnd(worker, 'its thread ended'));
    return worker;
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'warning') return this.#options.onWarning(message.text);
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    this.#pending.delete(message.id);
    if (message.kind === 'spoken') pending.resolve(message.bytes);
    else pending.reject(failure(message.error.kind, message.error.message));
    this.#updateAwaited();
  }

  #onEnd(worker: Worker, reason: string): void {
    if (worker === this.#worker) this.#failAll(failure('server', `the offline voice broke: ${reason}`));
  }

  /** After this the next sentence starts a new worker. */
  #failAll(error: ProviderError): void {
    this.#worker = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#updateAwaited();
    for (const { reject } of pending) reject(error);
  }

  #updateAwaited(): void {
    this.#cancelStallTimer?.();
    this.#cancelStallTimer = undefined;
    if (![...this.#pending.values()].some(({ awaited }) => awaited)) {
      this.#worker?.unref();
      return;
    }
    this.#worker?.ref();
    const { wall, stallMs = STALL_MS } = this.#options;
    this.#cancelStallTimer = wall.after(stallMs, () => {
      const stalled = this.#worker;
      this.#failAll(failure('timeout', `the offline voice gave no answer for ${stallMs / 1000} s`));
      void stalled?.terminate();
    });
  }
}

function failure(kind: ProviderError['kind'], message: string): ProviderError {
  return new ProviderError(message, { provider: 'offline', kind, retryable: kind === 'timeout' || kind === 'server' });
}
