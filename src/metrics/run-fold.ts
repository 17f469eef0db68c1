/**
 * The state that every screen and report reads: one object that is shown each event once, in order. It computes
 * nothing until it is asked, so it may be shown a whole call at full speed and read fifteen times a second.
 */
import type { BottalkEvent, EventOf } from '../events/event.ts';
import { Conversation, type Utterance } from './conversation.ts';
import { Evaluation } from './evaluation.ts';
import { GivenUpSpeech } from './given-up-speech.ts';
import { Hearing } from './hearing.ts';
import { ProviderFailures } from './provider-failures.ts';
import type { ReplyTrace } from './reply-trace.ts';
import { ReplyTraces } from './reply-traces.ts';
import { Roster } from './roster.ts';
import { overlaps, type Span } from './spans.ts';
import { type Turn, turnsOf } from './turns.ts';
import { UsageFold, type AgentUsage } from './usage.ts';
import { WireSpeech } from './wire-speech.ts';

export class RunFold {
  readonly roster = new Roster();
  readonly wire = new WireSpeech(this.roster);
  /** What a model made of the call when it was over. */
  readonly evaluation = new Evaluation();
  /** What reached each agent of its peer's speech. */
  readonly hearing = new Hearing(this.roster);
  /** Which providers gave up. */
  readonly failures = new ProviderFailures(this.roster);
  readonly #conversation = new Conversation(this.roster, this.wire);
  readonly #traces = new ReplyTraces((participant) => this.roster.nameOf(participant));
  readonly #usage = new UsageFold((participant) => this.roster.nameOf(participant));
  readonly givenUp = new GivenUpSpeech((participant) => this.roster.nameOf(participant));
  readonly #warnings: string[] = [];
  #joinedMs: number | null = null;
  readonly #seated = new Set<string>();
  #nowMs = 0;
  #utterances: readonly Utterance[] | undefined;
  #turns: readonly Turn[] | undefined;
  #ended: EventOf<'run.ended'> | undefined;
  #texts = 0;
  #sttFailure: EventOf<'stt.failed'> | undefined;
  #pricesKnown: EventOf<'prices.known'> | undefined;
  #transcriptionLost: EventOf<'transcription.failed'> | undefined;
  readonly #lags: EventOf<'timing.lagged'>[] = [];

  event(event: BottalkEvent): void {
    this.#nowMs = event.atMs;
    this.#utterances = undefined;
    this.#turns = undefined;
    this.roster.event(event);
    this.wire.event(event);
    this.#conversation.event(event);
    this.#traces.event(event);
    this.#usage.event(event);
    this.evaluation.event(event);
    this.givenUp.event(event);
    this.hearing.event(event);
    this.failures.event(event);
    if (event.type === 'participant.joined') {
      if (this.roster.isAgent(event.name)) this.#seated.add(event.name);
      if (this.#seated.size === 2) this.#joinedMs ??= event.atMs;
    } else if (event.type === 'warning.raised') this.#warnings.push(event.message);
    else if (event.type === 'run.ended') this.#ended = event;
    else if (event.type === 'transcript.published' && event.final) this.#texts += 1;
    else if (event.type === 'stt.failed') this.#sttFailure ??= event;
    else if (event.type === 'prices.known') this.#pricesKnown = event;
    else if (event.type === 'transcription.failed') {
      this.#transcriptionLost = event;
      this.#texts = 0;
    }
    else if (event.type === 'timing.lagged') this.#lags.push(event);
  }

  /** Call time of the newest event; at the end, how long the call was. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** When both agents were in the room for the first time; null before. */
  get joinedMs(): number | null {
    return this.#joinedMs;
  }

  /** When both agents were in the room, up to the newest event: one of them may drop out and come back. */
  get together(): readonly Span[] {
    const [one, other] = this.roster.agents;
    if (!one || !other) return [];
    const both = overlaps(this.hearing.visitsOf(one.name), this.hearing.visitsOf(other.name));
    return both.map(({ startMs, endMs }) => ({ startMs, endMs: Math.min(endMs, this.#nowMs) }));
  }

  /** The last event; undefined while the run lasts, and for good if it was killed. */
  get ended(): EventOf<'run.ended'> | undefined {
    return this.#ended;
  }

  /** Set when nobody turned speech into text any more. */
  get deaf(): EventOf<'transcription.failed'> | undefined {
    return this.#transcriptionLost?.takenOverBy === null ? this.#transcriptionLost : undefined;
  }

  /** Set when the room's own transcription brought no text, whether or not somebody took over. */
  get transcriptionLost(): EventOf<'transcription.failed'> | undefined {
    return this.#transcriptionLost;
  }

  /** Who turns speech into text, since when in call time; `embedded` is the embedded room itself. Undefined before the run began. */
  get listener(): { readonly name: string; readonly sinceMs: number } | undefined {
    const { started } = this.roster;
    const lost = this.#transcriptionLost;
    return started && (lost?.takenOverBy ? { name: lost.takenOverBy, sinceMs: lost.atMs } : { name: started.transcription, sinceMs: 0 });
  }

  /** Everything said so far, by start. The same list is given until the next event. */
  get utterances(): readonly Utterance[] {
    return (this.#utterances ??= this.#conversation.utterances);
  }

  /** Who held the floor so far. The same list is given until the next event. */
  get turns(): readonly Turn[] {
    return (this.#turns ??= turnsOf(this.utterances));
  }

  /** What the room's transcription settled on for this speaker, in the order in which it was sent. */
  finalsOf(name: string): readonly EventOf<'transcript.published'>[] {
    return this.#conversation.finalsOf(name);
  }

  /** How many final texts there are of the one who listens, of whomever. */
  get texts(): number {
    return this.#texts;
  }

  /** The first stretch of speech that a provider that listens could not transcribe. */
  get sttFailure(): EventOf<'stt.failed'> | undefined {
    return this.#sttFailure;
  }

  /** Where the machine did not keep up with a call of the world: one for each process at most. */
  get lags(): readonly EventOf<'timing.lagged'>[] {
    return this.#lags;
  }

  get replies(): readonly ReplyTrace[] {
    return this.#traces.replies;
  }

  /** What everybody consumed so far, by name: the agents, and whoever else was in the room. */
  get usage(): ReadonlyMap<string, AgentUsage> {
    return this.#usage.byName;
  }

  /** What the run's providers charge; undefined where nothing was said of it. */
  get pricesKnown(): EventOf<'prices.known'> | undefined {
    return this.#pricesKnown;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }
}

/** The state after a whole log. */
export function foldAll(events: Iterable<BottalkEvent>): RunFold {
  const fold = new RunFold();
  for (const event of events) fold.event(event);
  return fold;
}
