/**
 * What the page of a run shows, as one plain-JSON document that stands in the file itself. The page computes no figure:
 * all of it comes from the event log, the recording and run.json, so that a saved run gives the page of the live one.
 */
import type { UtteranceKind } from '../../events/event.ts';
import type { RunMetrics } from '../run-metrics.ts';

/** Call milliseconds, whole ones. */
export type Stretch = readonly [startMs: number, endMs: number];

export type RunDocument = {
  readonly page: 'run';
  /** With what is wrong with the recording among the reasons for being invalid. */
  readonly metrics: RunMetrics;
  readonly callMs: number;
  /** Whoever goes first, the other, and then whoever else was heard. */
  readonly speakers: readonly Speaker[];
  /** When each expectation was decided, in their order; null where no moment did. */
  readonly decidedMs: readonly (number | null)[];
  /** Everything that was said, by start. */
  readonly lines: readonly SpokenLine[];
  readonly turns: readonly TurnStory[];
  /** Where more than one was heard at once, and where nobody was for longer than three seconds. */
  readonly overlaps: readonly Stretch[];
  readonly silences: readonly Stretch[];
  readonly tools: readonly ToolStory[];
  readonly sound: SoundStory | null;
  /** What run.json says of the machine; null for a run that was killed. */
  readonly about: AboutRun | null;
  /** What runs it again; null for a scenario that was in no file. */
  readonly command: string | null;
  /** It asked the world, so that only its recording gives the same answers again. */
  readonly asksWorld: boolean;
  /** As it was run, with every default and variable filled in. */
  readonly scenario: Readonly<Record<string, unknown>>;
};

export type Speaker = {
  readonly name: string;
  /** Whose colour and lane; guests share theirs. */
  readonly side: 'first' | 'second' | 'guest';
  readonly role: 'system' | 'user' | null;
};

/** One utterance. */
export type SpokenLine = {
  readonly speaker: string;
  readonly kind: UtteranceKind;
  /** Counts from 1; null for what belongs to no turn. */
  readonly turn: number | null;
  readonly startMs: number;
  readonly endMs: number;
  /** Where it was audible, pauses left out. */
  readonly segments: readonly Stretch[];
  /** The words that were heard, or one text with the times of all of it where words have none. */
  readonly words: readonly (readonly [text: string, startMs: number, endMs: number])[];
  /** What was still to be said when it was cut. */
  readonly unheard: string;
  readonly cut: boolean;
};

export type TurnStory = {
  /** Counts from 1. */
  readonly number: number;
  readonly speaker: string;
  readonly startMs: number;
  readonly endMs: number;
  /** From the end of the turn before, as heard; negative is talking over. Null for the first. */
  readonly gapMs: number | null;
  readonly cut: boolean;
  /** How it came about, as its agent's own stages reported; empty where that is unknown. */
  readonly stages: readonly StageBar[];
  /** What its waterfall is drawn from: the end of the turn before, or the start of the call. */
  readonly fromMs: number;
};

export type StageName = 'end_of_turn' | 'llm' | 'tool' | 'tts' | 'rest';

export type StageBar = { readonly stage: StageName; readonly startMs: number; readonly endMs: number; readonly detail: string };

export type ToolStory = {
  readonly agent: string;
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
  readonly result: string | null;
  readonly failed: boolean;
  readonly calledMs: number;
  readonly answeredMs: number | null;
};

export type SoundStory = {
  readonly type: 'audio/mpeg';
  readonly lengthMs: number;
  /** So much later than in the call everything is heard in the encoded sound. */
  readonly delayMs: number;
  readonly peakMs: number;
  /** The loudest sample of each stretch of `peakMs`, 0 to 255, base64: whoever goes first, then the other. */
  readonly peaks: readonly [string, string];
};

export type AboutRun = Readonly<Record<string, unknown>>;
