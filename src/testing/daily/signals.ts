/**
 * What the stand-in for Daily's call machine and the stand-in for Daily's servers say to each other. Only they know
 * it; daily-js is on the far side of the call machine.
 */

export type Fault = { readonly type: string; readonly msg: string };

export type Person = {
  readonly session_id: string;
  readonly user_name: string;
  readonly owner: boolean;
  readonly joinedAtMs: number;
  /** Its microphone is on. */
  readonly audible: boolean;
  /** Sees and hears everybody; nobody is told of it. */
  readonly hidden: boolean;
};

export type Description = { readonly type: 'offer' | 'answer' | 'pranswer' | 'rollback'; readonly sdp?: string };
export type Candidate = Readonly<Record<string, unknown>>;

/** What has arrived of others' sound, and how much of it had to be made up because it came too late or never; samples at 48 kHz. */
export type ReceivedSound = { readonly samples: number; readonly concealed: number };

type Between = { readonly kind: 'description'; readonly description: Description } | { readonly kind: 'candidate'; readonly candidate: Candidate };

export type ToServer =
  | { readonly kind: 'join'; readonly url: string; readonly token: string | null; readonly userName: string | null; readonly audible: boolean }
  | { readonly kind: 'leave' }
  | { readonly kind: 'audible'; readonly on: boolean }
  | { readonly kind: 'start_transcription'; readonly options: Readonly<Record<string, unknown>> }
  | { readonly kind: 'app_message'; readonly to: string; readonly data: unknown }
  | { readonly kind: 'received'; readonly sound: ReceivedSound }
  | (Between & { readonly to: string });

export type FromServer =
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'welcome'; readonly self: Person; readonly others: readonly Person[] }
  | { readonly kind: 'joined'; readonly person: Person }
  | { readonly kind: 'changed'; readonly person: Person }
  | { readonly kind: 'left'; readonly id: string }
  | { readonly kind: 'app_message'; readonly from: string; readonly data: unknown }
  /** An event of transcription, as daily-js is to report it. */
  | { readonly kind: 'transcription'; readonly event: Readonly<Record<string, unknown>> & { readonly action: string } }
  | { readonly kind: 'thrown_out'; readonly fault: Fault }
  | { readonly kind: 'received_wanted' }
  | (Between & { readonly from: string });
