/**
 * What bottalk and the page that it runs in Chromium say to each other, as JSON texts over one WebSocket. Sound goes
 * over the same socket as binary messages: to the page one frame each, from the page a frame behind the four bytes
 * of its track number. All of it is plain data, and no part of bottalk but this folder knows it.
 */
import type { TranscriptionRequest } from './rest.ts';

/** What the page is told to do; each order is answered once, by `done`. */
export type PageOrder =
  | {
      readonly kind: 'join';
      readonly url: string;
      readonly token: string | null;
      readonly userName: string;
      /** Where daily-js finds its call machine; null means with Daily. */
      readonly callMachineFolder: string | null;
    }
  | { readonly kind: 'leave' }
  /** Daily answers with news of the transcription, or with none where the participant's token does not allow it. */
  | { readonly kind: 'start_transcription'; readonly request: TranscriptionRequest }
  /** `to` is a participant's id or `*`. */
  | { readonly kind: 'send_app_message'; readonly data: unknown; readonly to: string };

export type ToPage = { readonly id: number; readonly order: PageOrder };

/** A trouble as Daily names it, e.g. `no-room` or `connection-error`. */
export type PageFault = { readonly type: string; readonly message: string };

export type PagePerson = { readonly id: string; readonly name: string };

export type FromPage =
  /** The page takes orders. */
  | { readonly kind: 'loaded' }
  /** The page's main thread lives. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'done'; readonly id: number; readonly fault: PageFault | null }
  | { readonly kind: 'joined'; readonly self: PagePerson }
  | { readonly kind: 'peer_joined'; readonly peer: PagePerson }
  | { readonly kind: 'peer_left'; readonly peer: PagePerson; readonly reason: string | null }
  | { readonly kind: 'app_message'; readonly from: string; readonly data: unknown }
  | ({ readonly kind: 'transcribed' } & PageTranscript)
  | { readonly kind: 'transcription'; readonly state: 'started' | 'stopped' | 'failed'; readonly reason: string | null }
  | { readonly kind: 'connection'; readonly of: string; readonly interrupted: boolean }
  /** The call is over for this page; it may be told to join again. */
  | { readonly kind: 'failed'; readonly fault: PageFault }
  /** Frames with this number are of this participant. */
  | { readonly kind: 'hearing'; readonly track: number; readonly participant: string }
  /** A track should give sound and does not, although all was done that a page can do. */
  | { readonly kind: 'deaf'; readonly participant: string };

/** `span` is where the text stands in the transcriber's own stream of that participant, if it says so. */
export type PageTranscript = {
  readonly participant: string;
  readonly text: string;
  readonly final: boolean;
  readonly span: { readonly startSecs: number; readonly durationSecs: number } | null;
};

/** What stands before each frame from the page: the number of its track, unsigned and little-endian. */
export const TRACK_NUMBER_BYTES = 4;

/** The page says that it lives this often. */
export const BEAT_MS = 2_000;
