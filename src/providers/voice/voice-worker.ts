/**
 * The worker thread of the offline voice: synthesises sentences one at a time, keeps them on disk and hands them over.
 * It lives until it is terminated and decides nothing but the order.
 */
import { readFileSync } from 'node:fs';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ContentCache } from '../../base/content-cache.ts';
import { invariant, ProviderError } from '../../base/errors.ts';
import { systemWallClock } from '../../clock/wall-clock.ts';
import type { OpenedModule } from './flite-module.ts';
import { Flite } from './flite.ts';
import { JobQueue } from './job-queue.ts';
import { speak } from './speak.ts';
import { encodeSpeech } from './speech.ts';
import { findVoice } from './voices.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.ts';

type SpeakJob = Extract<ToWorker, { kind: 'speak' }>;

function serve(): void {
  invariant(parentPort, 'the voice worker runs as a worker thread only');
  const port = parentPort;
  const { fliteBinary, cache } = workerData as WorkerOptions;
  const send = (message: FromWorker, handedOver: readonly ArrayBuffer[] = []): void => port.postMessage(message, handedOver);
  const epochMs = (): number => systemWallClock.epochMs();
  const disk = cache && new ContentCache({ ...cache, epochMs, onWarning: (text) => send({ kind: 'warning', text }) });
  const engine = new Engine(fliteBinary);
  const queue = new JobQueue<SpeakJob>();

  port.on('message', (message: ToWorker) => {
    accept(queue, message);
    for (;;) {
      // New messages may change the order, so they are read before each job and not only when the thread is idle.
      acceptWaiting(queue, port);
      const job = queue.take();
      if (!job) return;
      try {
        const bytes = engine.speak(job);
        // Before it is handed over, because whoever gets the last sentence may end this thread.
        disk?.write(job.cacheKey, bytes);
        send({ kind: 'spoken', id: job.id, bytes }, [bytes.buffer]);
      } catch (error) {
        send({ kind: 'failed', id: job.id, error: describe(error) });
      }
    }
  });
}

/** Starts flite when it is first needed, and afresh after a sentence that broke it. */
class Engine {
  readonly #fliteBinary: string;
  #opened: OpenedModule | undefined;
  #flite: Flite | undefined;

  constructor(fliteBinary: string) {
    this.#fliteBinary = fliteBinary;
  }

  speak({ voice, text }: SpeakJob): Uint8Array<ArrayBuffer> {
    this.#opened ??= Flite.compile(readFileSync(this.#fliteBinary));
    const flite = (this.#flite ??= new Flite(this.#opened));
    this.#flite = undefined;
    const speech = speak(flite, findVoice(voice), text);
    this.#flite = flite;
    return encodeSpeech(speech);
  }
}

function accept(queue: JobQueue<SpeakJob>, message: ToWorker): void {
  if (message.kind === 'speak') queue.add(message);
  else queue.makeUrgent(message.id);
}

function acceptWaiting(queue: JobQueue<SpeakJob>, port: MessagePort): void {
  for (;;) {
    const waiting = receiveMessageOnPort(port) as { message: ToWorker } | undefined;
    if (!waiting) return;
    accept(queue, waiting.message);
  }
}

function describe(error: unknown): { kind: ProviderError['kind']; message: string } {
  if (error instanceof ProviderError) return { kind: error.kind, message: error.message };
  return { kind: 'server', message: `the offline voice broke: ${error instanceof Error ? error.message : String(error)}` };
}

serve();
