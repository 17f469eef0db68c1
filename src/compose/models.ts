/** The published models that bottalk can use, put together with what each of them is for. */
import { ProviderError, UsageError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { modelPath, modelState, readModel, type ModelState } from '../providers/model-store/model-store.ts';
import { PUBLISHED_MODELS, SMART_TURN, type PublishedModel } from '../providers/model-store/published-model.ts';
import { pullModel, type PulledModel, type PullOptions } from '../providers/model-store/pull-model.ts';
import { SmartTurnModel } from '../providers/smart-turn/smart-turn.ts';

/** Smart Turn, if its weights were pulled. Throws a UsageError when they are damaged. Close it when it is not needed. */
export function openSmartTurn(folder: string): SmartTurnModel | undefined {
  const weights = readModel(folder, SMART_TURN);
  return weights && SmartTurnModel.load(weights);
}

/** Pulls the model of this name; refuses a file that could not be used in its place. */
export async function pullNamedModel(name: string, options: Omit<PullOptions, 'check'>): Promise<PulledModel> {
  return pullModel(modelNamed(name), { ...options, check: (weights) => checkLoads(weights, options.fromFile) });
}

export type ListedModel = { readonly model: PublishedModel; readonly path: string; readonly state: ModelState };

export function listModels(folder: string): readonly ListedModel[] {
  return PUBLISHED_MODELS.map((model) => ({ model, path: modelPath(folder, model), state: modelState(folder, model) }));
}

function checkLoads(weights: Uint8Array<ArrayBuffer>, fromFile: string | undefined): void {
  try {
    SmartTurnModel.load(weights).close();
  } catch (error) {
    // A file that the user named is the user's mistake; what the host sent is not.
    if (fromFile === undefined || !(error instanceof ProviderError)) throw error;
    throw new UsageError(`${fromFile}: ${error.message}`);
  }
}

function modelNamed(name: string): PublishedModel {
  const model = PUBLISHED_MODELS.find((each) => each.name === name);
  if (model) return model;
  const names = PUBLISHED_MODELS.map((each) => each.name);
  throw new UsageError(`there is no model ${JSON.stringify(name)}`, didYouMean(name, names) ?? `there is: ${names.join(', ')}`);
}
