import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { SileroVad } from '../../src/providers/silero/silero-vad.ts';

test('onnxruntime is loaded with the first window that a VAD has to judge, and not before', () => {
  const stream = new SileroVad().open();
  stream.reset();
  expect(nativeIsLoaded()).toBe(false);
  stream.confidence(new Int16Array(512));
  expect(nativeIsLoaded()).toBe(true);
});

function nativeIsLoaded(): boolean {
  return Object.keys(createRequire(import.meta.url).cache).some((file) => file.endsWith('onnxruntime_binding.node'));
}
