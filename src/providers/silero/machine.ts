/**
 * What the model's probabilities depend on besides the audio. Different kinds of CPU take different code paths
 * through onnxruntime and may differ by 1e-6, so a cache that moves between machines must tell them apart.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import { SILERO_SHA256 } from './silero-model.ts';

/** Stands for model, onnxruntime version, platform, and the kind of CPU. */
export function inferenceFingerprint(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const parts = [SILERO_SHA256, version, platform(), arch(), cpus()[0]?.model ?? '', cpuFeatures()];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

/** In a virtual machine many CPUs share one model name; what they can do tells them apart. Linux only. */
function cpuFeatures(): string {
  try {
    return /^(?:flags|Features)\s*:.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0] ?? '';
  } catch {
    return '';
  }
}
