/** What the page's main thread and its worker say to each other. Streams are handed over, everything else is copied. */
import type { FromPage, ToPage } from '../page-messages.ts';

export type ToWorker =
  /** Always the first: the address of bottalk's socket, and where the agent's voice goes. */
  | { readonly kind: 'open'; readonly link: string; readonly voice: WritableStream<AudioData> }
  | { readonly kind: 'tell'; readonly message: FromPage }
  | { readonly kind: 'hear'; readonly track: number; readonly participant: string; readonly sound: ReadableStream<AudioData> }
  | { readonly kind: 'ignore'; readonly track: number };

export type FromWorker =
  | { readonly kind: 'told'; readonly message: ToPage }
  /** Nothing has come of a track for so long. */
  | { readonly kind: 'silent'; readonly track: number; readonly silentMs: number };
