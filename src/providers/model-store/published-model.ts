/** Model weights that somebody else publishes and bottalk can use. None of them is part of bottalk. */

export type PublishedModel = {
  /** What the user calls it. */
  readonly name: string;
  readonly summary: string;
  /** What the file is called in the store. */
  readonly fileName: string;
  /** Where it is published; may redirect. */
  readonly url: string;
};

/** Smart Turn v3.2 for the CPU (8 bit), by Daily and the Pipecat community, BSD-2-Clause. */
export const SMART_TURN: PublishedModel = {
  name: 'smart-turn',
  summary: 'Smart Turn v3.2: hears in the voice whether a turn is complete',
  fileName: 'smart-turn-v3.2-cpu.onnx',
  url: 'https://huggingface.co/pipecat-ai/smart-turn-v3/resolve/main/smart-turn-v3.2-cpu.onnx',
};

export const PUBLISHED_MODELS: readonly PublishedModel[] = [SMART_TURN];
