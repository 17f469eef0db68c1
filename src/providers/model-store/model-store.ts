/**
 * The folder of pulled model weights. Beside each file stands a record with its checksum, and nothing is handed out
 * that does not fit its record. Reading only; pull-model.ts is what fills the folder.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import type { PublishedModel } from './published-model.ts';

export type ModelRecord = {
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** The address or file it came from. */
  readonly origin: string;
  /** The host announced this checksum. If not, it was computed on arrival, and shows only later damage. */
  readonly announced: boolean;
};

export type ModelState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'sound'; readonly weights: Uint8Array<ArrayBuffer>; readonly record: ModelRecord }
  /** Put there by hand: there is nothing to check it against. */
  | { readonly kind: 'unrecorded'; readonly weights: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'damaged' };

/** The weights, checked; undefined when they were never pulled. Throws a UsageError when they are damaged. */
export function readModel(folder: string, model: PublishedModel): Uint8Array<ArrayBuffer> | undefined {
  const state = modelState(folder, model);
  switch (state.kind) {
    case 'absent':
      return undefined;
    case 'damaged':
      throw new UsageError(
        `${modelPath(folder, model)} is damaged: it does not have the checksum it was pulled with`,
        `bottalk models pull ${model.name}`,
      );
    default:
      return state.weights;
  }
}

/** What there is of a model. Reads the whole file. */
export function modelState(folder: string, model: PublishedModel): ModelState {
  const path = modelPath(folder, model);
  const weights = readIfThere(path);
  if (!weights) return { kind: 'absent' };
  const recordText = readIfThere(recordPath(path));
  if (!recordText) return { kind: 'unrecorded', weights };
  const record = parseRecord(new TextDecoder().decode(recordText));
  return record && sha256Of(weights) === record.sha256 ? { kind: 'sound', weights, record } : { kind: 'damaged' };
}

export function modelPath(folder: string, model: PublishedModel): string {
  return join(folder, model.fileName);
}

export function recordPath(path: string): string {
  return `${path}.json`;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseRecord(text: string): ModelRecord | undefined {
  try {
    const { sha256, bytes, origin, announced } = JSON.parse(text) as Partial<ModelRecord>;
    if (typeof sha256 !== 'string' || typeof bytes !== 'number' || typeof origin !== 'string') return undefined;
    return { sha256, bytes, origin, announced: announced === true };
  } catch {
    return undefined;
  }
}

/** Undefined when there is no such file; throws a UsageError when there is one that cannot be read. */
function readIfThere(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UsageError(`${path} cannot be read (${code ?? String(error)})`);
  }
}
