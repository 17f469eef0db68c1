/**
 * Opens ONNX models through onnxruntime's synchronous native object. The public API of onnxruntime-node only wraps
 * that object in setImmediate; without the wrap no foreign timer or socket can run inside one instant of call time.
 * The native library (about 60 ms) is loaded with the first model, and never with its telemetry. One thread, so that
 * a result does not depend on how busy the machine is. Knows nothing of any particular model.
 */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { ProviderError, UsageError } from './errors.ts';

/** A tensor that goes in: row-major data and its shape; an empty shape is a scalar. */
export type OnnxInput =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] };

/** One loaded model. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the model on the spot and returns the float32 data of the named outputs, in the order of the names.
   * The arrays belong to the caller. Throws a ProviderError if the model does not fit the inputs.
   */
  run(inputs: Readonly<Record<string, OnnxInput>>, outputNames: readonly string[]): Float32Array[];
  close(): void;
}

/** Loads a model from a file or from its bytes. Throws a ProviderError if it cannot be loaded on this machine. */
export function openOnnxSession(model: string | Uint8Array<ArrayBuffer>): OnnxSession {
  const native = attempt('onnxruntime has no library for this machine', () => loadNative());
  const session = new native.binding.InferenceSession();
  attempt('the model cannot be loaded', () => {
    if (typeof model === 'string') session.loadModel(model, OPTIONS);
    else session.loadModel(model.buffer, model.byteOffset, model.byteLength, OPTIONS);
  });
  return {
    inputNames: session.inputMetadata.map(({ name }) => name),
    outputNames: session.outputMetadata.map(({ name }) => name),
    run(inputs, outputNames) {
      return attempt('the model refused its input', () => {
        const feeds: Record<string, NativeTensor> = {};
        for (const [name, input] of Object.entries(inputs)) feeds[name] = { ...input, location: 'cpu' };
        const fetches = Object.fromEntries(outputNames.map((name) => [name, null]));
        const outputs = session.run(feeds, fetches, {});
        return outputNames.map((name) => (outputs[name] as NativeTensor).data as Float32Array);
      });
    },
    close: () => session.dispose(),
  };
}

/** Severity 4: only fatal errors are logged by the library itself, because everything else is thrown. */
const OPTIONS = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 4 };

type NativeTensor = OnnxInput & { readonly location: 'cpu' };

interface NativeSession {
  readonly inputMetadata: readonly { readonly name: string }[];
  readonly outputMetadata: readonly { readonly name: string }[];
  loadModel(path: string, options: typeof OPTIONS): void;
  loadModel(buffer: ArrayBuffer, byteOffset: number, byteLength: number, options: typeof OPTIONS): void;
  run(
    feeds: Record<string, NativeTensor>,
    fetches: Record<string, null>,
    options: object,
  ): Record<string, NativeTensor>;
  dispose(): void;
}

type Native = { readonly binding: { readonly InferenceSession: new () => NativeSession }; initOrt(): void };

/**
 * The library reports to its maker, keeps a database under the user's cache and leaves logs in the temporary folder,
 * unless its environment forbids it at the moment when it is loaded.
 */
const NO_TELEMETRY = 'ORT_DISABLE_TELEMETRY';

function loadNative(): Native {
  // A worker thread has only a copy of the environment, which the library never sees.
  if (isMainThread) process.env[NO_TELEMETRY] = '1';
  else if (process.env[NO_TELEMETRY] !== '1') throw new UsageError(`onnxruntime reports to its maker unless ${NO_TELEMETRY} is 1`, 'set it before the worker thread is started');
  // The package has no exports map, so the file can be named; the version is pinned because of this.
  const native = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as Native;
  native.initOrt();
  return native;
}

function attempt<T>(failure: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new ProviderError(`${failure}: ${reason}`, { provider: 'onnxruntime', kind: 'unsupported', cause });
  }
}
