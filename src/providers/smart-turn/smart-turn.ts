/**
 * The end-of-turn strategy `smart_turn`: Smart Turn v3 listens to the last 8 s of the turn and says whether it is
 * complete. The weights are not part of bottalk. One loaded model serves any number of agents and calls; it keeps no
 * state between turns, and remembers its latest verdicts, because repeated calls repeat their audio.
 */
import { createHash } from 'node:crypto';
import { ProviderError } from '../../base/errors.ts';
import { openOnnxSession, type OnnxSession } from '../../base/onnx.ts';
import type { SpotStrategy } from '../../pipeline/end-of-turn.ts';
import { FEATURE_FRAMES, FeatureExtractor, SEGMENT_SAMPLES } from './features.ts';
import { MEL_BANDS } from './mel-filters.ts';

/** Judges at each VAD stop; closing the strategy leaves the shared model open. */
export function smartTurnEndOfTurn(model: SmartTurnModel): SpotStrategy {
  return {
    name: 'smart_turn',
    needsAudio: true,
    readsText: false,
    isComplete: ({ audio }) => model.probability(audio) > THRESHOLD,
    close: () => {},
  };
}

export class SmartTurnModel {
  readonly #session: OnnxSession;
  readonly #outputName: string;
  readonly #extractor = new FeatureExtractor();
  readonly #known = new Map<string, number>();

  private constructor(session: OnnxSession, outputName: string) {
    this.#session = session;
    this.#outputName = outputName;
  }

  /** Loads the weights (a whole ONNX file). Throws a ProviderError if they are not those of Smart Turn v3. */
  static load(weights: Uint8Array<ArrayBuffer>): SmartTurnModel {
    const session = openOnnxSession(weights);
    const [outputName] = session.outputNames;
    if (session.inputNames.join() !== INPUT || outputName === undefined) {
      session.close();
      throw new ProviderError(
        `this is not a Smart Turn v3 model: it wants ${session.inputNames.join(', ') || 'nothing'} instead of ${INPUT}`,
        { provider: 'smart-turn', kind: 'unsupported' },
      );
    }
    return new SmartTurnModel(session, outputName);
  }

  /** How likely (0 to 1) the turn is complete. 16 kHz mono; of longer audio the last 8 s count; no audio gives 0. */
  probability(audio: Int16Array): number {
    if (audio.length === 0) return 0;
    const heard = audio.subarray(Math.max(0, audio.length - SEGMENT_SAMPLES));
    const key = createHash('sha1').update(heard).digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const features = { type: 'float32', data: this.#extractor.extract(heard), dims: [1, MEL_BANDS, FEATURE_FRAMES] } as const;
    const [output] = this.#session.run({ [INPUT]: features }, [this.#outputName]);
    // The model ends in a sigmoid, so this is a probability already.
    const probability = output?.[0] ?? 0;
    this.#remember(key, probability);
    return probability;
  }

  close(): void {
    this.#session.close();
  }

  #remember(key: string, probability: number): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= REMEMBERED_VERDICTS && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, probability);
  }
}

const INPUT = 'input_features';
/** The threshold that the model was published with. */
const THRESHOLD = 0.5;
/** About a hundred calls' worth, in well under a megabyte. */
const REMEMBERED_VERDICTS = 4096;
