/**
 * A cassette as data: what one run asked of the world, and what came back when. Each kind of call is the same here, so
 * that whatever else is asked of the world one day can be recorded as well.
 */
import type { Arrival } from '../../clock/arrival.ts';
import type { Lag } from '../../clock/lag-watch.ts';
import type { AgentProviders } from '../../events/event.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { Price } from '../../events/price.ts';
import type { CallRequest } from './call-request.ts';

/** Raised whenever a cassette means something else than before. */
export const CASSETTE_FORMAT = 1;

export const CALL_KINDS = ['llm', 'end_of_turn', 'speech', 'transcription', 'evaluation'] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** What an agent was run with, as far as others answered for it. */
export type CassetteAgent = { readonly name: string } & Omit<AgentProviders, 'vad' | 'endOfTurn'>;

export type CassetteHeader = {
  /** The version that wrote it. */
  readonly bottalk: string;
  readonly title: string;
  readonly seed: number;
  /** What the user gave with --var, if anything. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What the user gave with --max-turns. */
  readonly maxTurns?: number;
  readonly agents: readonly CassetteAgent[];
  /** The kind of room, where it was not the embedded one. */
  readonly room?: string;
  /** Who turned speech into text, if it was somebody of the world. */
  readonly transcription?: { readonly provider: string; readonly model: string; readonly host?: string };
  /** The machine did not keep up while it was recorded: played back, its times are no better. */
  readonly lag?: Lag;
  /** The server at which a model was asked what to make of the call. */
  readonly evaluatorHost?: string;
  /** What the world charged for it, as far as that was known; none where nothing was charged. */
  readonly prices?: readonly Price[];
};

/** Anything that arrives; a `sound` has samples. */
export type AnyPiece = LivePiece<{ readonly kind: string }>;

export type CassetteCall = {
  readonly kind: CallKind;
  readonly agent: string;
  /** When it was opened, in call milliseconds. */
  readonly atMs: number;
  readonly request: CallRequest;
  /** As they were delivered in call time, counted from the opening. Without a last piece if it was given up here. */
  readonly pieces: readonly Arrival<AnyPiece>[];
  /** When it was given up on this side, counted from the opening. */
  readonly givenUpMs?: number;
  /** No longer asked for by the last run that refreshed this cassette. */
  readonly unused?: true;
};

export type Cassette = { readonly header: CassetteHeader; readonly calls: readonly CassetteCall[] };
