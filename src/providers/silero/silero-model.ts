/**
 * The Silero model itself: finds the file, makes sure that it is the one we know, and runs it. Nothing is loaded
 * before the first inference or `loadSilero`, and then once for the whole process.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../base/errors.ts';
import { openOnnxSession, type OnnxSession } from '../../base/onnx.ts';
import { VAD_WINDOW_SAMPLES } from '../../pipeline/vad.ts';

/** Silero VAD v6.2, MIT, as @ricky0123/vad-web 0.0.31 carries it. */
export const SILERO_SHA256 = '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3';
const FILE_NAME = 'silero_vad_v6.onnx';

/** The model wants the last 4 ms before each window as well. */
export const CONTEXT_SAMPLES = 64;
/** Two LSTM vectors of 128 numbers. */
export const STATE_NUMBERS = 256;

type Judgement = { readonly probability: number; readonly state: Float32Array };

/** Runs the model over the context and a window, as floats from -1 to 1, and a state that it leaves as it was. */
export function judge(input: Float32Array, state: Float32Array): Judgement {
  const [output, nextState] = loadSilero().run(
    {
      input: { type: 'float32', data: input, dims: [1, CONTEXT_SAMPLES + VAD_WINDOW_SAMPLES] },
      state: { type: 'float32', data: state, dims: [2, 1, STATE_NUMBERS / 2] },
      sr: SAMPLE_RATE,
    },
    OUTPUTS,
  ) as [Float32Array, Float32Array];
  return { probability: output[0] as number, state: nextState };
}

/**
 * Takes 130 ms, and several times that on a part of a core: calls in real time load it before they begin. Throws a
 * UsageError if the model is missing or another one.
 */
export function loadSilero(): OnnxSession {
  return (session ??= openVerified(findModel()));
}

let session: OnnxSession | undefined;
const SAMPLE_RATE = { type: 'int64', data: BigInt64Array.of(16_000n), dims: [] } as const;
const OUTPUTS = ['output', 'stateN'];

/** The model file: beside this module in an installed package, else in the package that brings it. */
export function findModel(): string {
  const beside = fileURLToPath(new URL(FILE_NAME, import.meta.url));
  if (existsSync(beside)) return beside;
  try {
    return createRequire(import.meta.url).resolve(`@ricky0123/vad-web/dist/${FILE_NAME}`);
  } catch {
    throw new UsageError(`the voice-activity model ${FILE_NAME} is missing`, 'install the dependencies again');
  }
}

/** Loads the model; a file with other bytes would quietly turn all speech times into different ones. */
export function openVerified(file: string): OnnxSession {
  const bytes = readFileSync(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== SILERO_SHA256) {
    throw new UsageError(`${FILE_NAME} is not Silero VAD v6.2: its sha256 is ${sha256}`, 'install the dependencies again');
  }
  return openOnnxSession(bytes);
}
