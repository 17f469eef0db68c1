/** Where under the cache folder each kind of thing is kept. */
import { join } from 'node:path';

export function speechFolder(cacheFolder: string): string {
  return join(cacheFolder, 'speech');
}

export function trackFolder(cacheFolder: string): string {
  return join(cacheFolder, 'vad');
}

/** What a model made of calls. */
export function evaluationFolder(cacheFolder: string): string {
  return join(cacheFolder, 'evaluations');
}

/** Model weights that were pulled; they are no cache, but they live beside it. */
export function modelFolder(cacheFolder: string): string {
  return join(cacheFolder, 'models');
}
