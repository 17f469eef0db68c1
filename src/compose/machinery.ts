/**
 * The heavy parts that a process makes once and all its runs share: the voice's worker, the VAD's model and what
 * both remember on disk. Made when the first run needs them, closed on every way out.
 */
import { ContentCache } from '../base/content-cache.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import type { VadProvider } from '../pipeline/vad.ts';
import type { SmartTurnModel } from '../providers/smart-turn/smart-turn.ts';
import { SileroVad } from '../providers/silero/silero-vad.ts';
import { Synthesiser } from '../providers/voice/synthesiser.ts';
import { evaluationFolder, speechFolder, trackFolder } from './cache-folders.ts';
import { openSmartTurn } from './models.ts';

export type MachineryOptions = {
  readonly wall: WallClock;
  /** Where speech and VAD tracks are kept; undefined keeps them in memory only. */
  readonly cacheFolder?: string | undefined;
  /** Where pulled model weights are; undefined means there are none. */
  readonly modelFolder?: string | undefined;
  /** Called at most once: the cache cannot be written. */
  readonly onWarning?: (text: string) => void;
};

export type Machinery = {
  readonly synthesiser: Synthesiser;
  readonly vad: VadProvider;
  /** What was made of calls before; undefined where nothing is kept. */
  readonly evaluations: ContentCache | undefined;
  /** Loaded when the first agent asks for it; undefined if its weights were never pulled. */
  readonly smartTurn: () => SmartTurnModel | undefined;
  close(): Promise<void>;
};

export function openMachinery({ wall, cacheFolder, modelFolder, ...options }: MachineryOptions): Machinery {
  // Speech and tracks lie in one folder, and one reason is enough for both.
  let warned = false;
  const onWarning = (text: string): void => {
    if (!warned) options.onWarning?.(text);
    warned = true;
  };
  const synthesiser = new Synthesiser({ wall, cache: cacheFolder === undefined ? undefined : { folder: speechFolder(cacheFolder) }, onWarning });
  const cacheIn = (folder: string): ContentCache => new ContentCache({ folder, epochMs: () => wall.epochMs(), onWarning });
  const tracks = cacheFolder === undefined ? undefined : cacheIn(trackFolder(cacheFolder));
  const evaluations = cacheFolder === undefined ? undefined : cacheIn(evaluationFolder(cacheFolder));
  const vad = new SileroVad(tracks ? { store: tracks } : {});
  let smartTurn: { readonly model: SmartTurnModel | undefined } | undefined;
  return {
    synthesiser,
    vad,
    evaluations,
    smartTurn: () => (smartTurn ??= { model: modelFolder === undefined ? undefined : openSmartTurn(modelFolder) }).model,
    async close() {
      smartTurn?.model?.close();
      await synthesiser.close();
      tracks?.evict();
      evaluations?.close();
    },
  };
}
