/** What the synthesiser and its worker thread say to each other. */
import type { ProviderErrorKind } from '../../base/errors.ts';

/** Given to the worker when it starts. */
export type WorkerOptions = {
  readonly fliteBinary: string;
  readonly cache: { readonly folder: string; readonly maxBytes: number } | undefined;
};

export type ToWorker =
  | { readonly kind: 'speak'; readonly id: number; readonly urgent: boolean; readonly voice: string; readonly text: string; readonly cacheKey: string }
  | { readonly kind: 'urgent'; readonly id: number };

export type FromWorker =
  /** `bytes` is an encoded Speech, handed over and not copied. */
  | { readonly kind: 'spoken'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly id: number; readonly error: { readonly kind: ProviderErrorKind; readonly message: string } }
  | { readonly kind: 'warning'; readonly text: string };
