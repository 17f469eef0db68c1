import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ProviderError } from './errors.ts';
import { openOnnxSession } from './onnx.ts';

const silero = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx');

describe('openOnnxSession', () => {
  it('runs a model on the spot and returns the outputs in the order asked for', () => {
    const session = openOnnxSession(silero);
    expect(session.inputNames).toEqual(['input', 'state', 'sr']);
    const [state, output] = session.run(
      {
        input: { type: 'float32', data: new Float32Array(576), dims: [1, 576] },
        state: { type: 'float32', data: new Float32Array(256), dims: [2, 1, 128] },
        sr: { type: 'int64', data: BigInt64Array.of(16000n), dims: [] },
      },
      ['stateN', 'output'],
    );
    expect(state).toHaveLength(256);
    expect(output).toHaveLength(1);
    expect(output?.[0]).toBeLessThan(0.1);
    session.close();
  });

  it('says which input a model misses, instead of crashing', () => {
    const session = openOnnxSession(silero);
    expect(() => session.run({}, ['output'])).toThrow(ProviderError);
    session.close();
  });

  it('refuses a worker thread where the library could not be told to keep quiet', async () => {
    const module = new URL('onnx.ts', import.meta.url).href;
    const script = `import(${JSON.stringify(module)}).then(({ openOnnxSession }) => openOnnxSession('')).catch(({ message }) => require('node:worker_threads').parentPort.postMessage(message))`;
    const worker = new Worker(script, { eval: true, env: {}, execArgv: [] });
    const [message] = (await once(worker, 'message')) as unknown[];
    await worker.terminate();
    expect(message).toMatch(/^onnxruntime reports to its maker unless ORT_DISABLE_TELEMETRY is 1/);
  });

  it('refuses a file that is no model', () => {
    expect(() => openOnnxSession('/nowhere.onnx')).toThrow(/cannot be loaded.*exist/);
    expect(() => openOnnxSession(new TextEncoder().encode('not a model'))).toThrow(/cannot be loaded/);
  });
});
