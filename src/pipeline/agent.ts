/**
 * One agent at the table, on one connection. This file only joins the parts: who is there, what the peer says, what
 * is said to it, what is thrown in while it speaks, and how the call ends. The agent appends to the log and never
 * reads it.
 */
import { FRAME_MS } from '../audio/format.ts';
import type { AudioFrame } from '../audio/frame.ts';
import type { Random } from '../base/random.ts';
import { type Clock, type Timer, wholeMicroseconds } from '../clock/clock.ts';
import type { EndedBy } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Connection, Participant, RoomListener, Transcript, Transport } from '../room/room.ts';
import { Answering } from './answering.ts';
import { Attendance } from './attendance.ts';
import { ConversationContext } from './context.ts';
import type { EndOfTurnStrategy } from './end-of-turn.ts';
import { announcedEnd, Farewell } from './farewell.ts';
import { Interjections } from './interjections.ts';
import { Listening } from './listening.ts';
import type { LlmProvider } from './llm.ts';
import { Playout } from './playout.ts';
import type { Purse } from './purse.ts';
import type { AgentSettings } from './settings.ts';
import type { SpeechDeps } from './speech.ts';
import { dropReason } from './transcript-filter.ts';
import type { TtsProvider } from './tts.ts';
import type { VadProvider } from './vad.ts';

export type AgentDeps = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly random: Random;
  readonly settings: AgentSettings;
  readonly llm: LlmProvider;
  readonly tts: TtsProvider;
  readonly vad: VadProvider;
  readonly endOfTurn: EndOfTurnStrategy;
  /** Asked before anything is asked for that may cost money; without one, money is no object. */
  readonly purse?: Purse | undefined;
  /** How long a peer may be gone before it counts as having hung up. */
  readonly graceMs?: number | undefined;
  /** Called when nothing more will be said, just before the seat is left. */
  readonly onLeaving?: () => void;
  /** The agent has left the call on its own account. */
  readonly onEnded: (endedBy: EndedBy) => void;
};

export class Agent implements RoomListener {
  readonly #deps: AgentDeps;
  readonly #context: ConversationContext;
  readonly #playout = new Playout();
  readonly #listening: Listening;
  readonly #attendance: Attendance;
  readonly #answering: Answering;
  readonly #interjections: Interjections;
  readonly #farewell: Farewell;
  readonly #timers: Timer[] = [];
  /** Every seat that this agent has had. */
  readonly #seats = new Set<string>();
  #connection: Connection | undefined;
  /** A peer that has said that it is about to end the call, and why. */
  #leaver: { readonly id: string; readonly endedBy: EndedBy } | undefined;
  #left = false;

  constructor(deps: AgentDeps) {
    const { clock, log, random, settings, llm, tts, purse } = deps;
    const { name: agent, order } = settings;
    const slug = slugOf(settings);
    const speech: SpeechDeps = { clock, log, tts, playout: this.#playout, agent, voice: settings.voice, order, purse };
    this.#deps = deps;
    this.#context = new ConversationContext(agent, settings.systemPrompt, log);
    this.#listening = new Listening({
      clock,
      log,
      settings,
      slug,
      vad: deps.vad,
      endOfTurn: deps.endOfTurn,
      purse,
      messages: () => this.#context.messages,
      onStarted: () => this.#answering.peerStarted(),
      onStopped: (turn) => this.#answering.peerStopped(turn),
      onLate: (text, turnId) => this.#answering.hearLate(text, turnId),
    });
    this.#answering = new Answering({
      slug,
      settings,
      reply: { ...speech, llm, context: this.#context },
      peerHasFloor: () => this.#listening.inTurn,
      onReply: () => this.#interjections.giveWay(),
      onSpeaking: (on) => this.#speaking(on),
      onTooLate: (text) => this.#listening.keep(text),
      onEndCall: (saidGoodbye) => this.#end('end_conversation', { keepsReply: true, owesGoodbye: !saidGoodbye }),
      onLastTurn: () => this.end('max_turns'),
      onSilent: () => {
        if (!this.#left) this.#farewell.nothingLeftToSay();
      },
    });
    this.#interjections = new Interjections({
      slug,
      speech,
      random,
      manners: settings.manners,
      planned: () => llm.plannedManners?.(this.#context.messages) ?? {},
      onBargeIn: () => this.#listening.takeFloor(),
    });
    this.#farewell = new Farewell({
      clock,
      log,
      agent,
      order,
      tell: (message) => this.#connection?.sendAppMessage(message),
      say: (words) => this.#answering.sayGoodbye(words),
      leave: (endedBy) => this.#leave(endedBy),
    });
    this.#attendance = new Attendance({
      clock,
      log,
      agent,
      order,
      knownAgents: settings.knownAgents,
      graceMs: deps.graceMs,
      onReady: () => this.#greet(),
      onHangup: () => this.#hangUp('hangup'),
    });
  }

  /** Takes the seat and begins to tick. */
  async join(transport: Transport): Promise<void> {
    const { clock, settings } = this.#deps;
    const { name, order } = settings;
    const connection = await transport.join({ name, order }, this);
    if (this.#left) return connection.leave('left before it had joined');
    this.#connection = connection;
    this.#seats.add(connection.self.id);
    this.#listening.begin(connection);
    const joinedMs = clock.nowMs();
    // A tick that a busy machine brings late is still the one that was due: the far end plays what it gets at one pace.
    const dueMs = (tick: number): number => wholeMicroseconds(joinedMs + tick * FRAME_MS);
    this.#timers.push(
      clock.every(FRAME_MS, { phase: 'turn', order }, () => this.#tick()),
      clock.every(FRAME_MS, { phase: 'playout', order }, (tick) => connection.publish(this.#playout.next(dueMs(tick)))),
    );
  }

  /** Ends the call gracefully: what is being said is said to its end, then the agent leaves. */
  end(endedBy: EndedBy): void {
    // With a budget at its end, what the voice was paid for is still said.
    this.#end(endedBy, { keepsReply: endedBy === 'budget' && this.#answering.isVoiced, owesGoodbye: false });
  }

  /** Ends everything now, in the middle of a word if need be, and leaves. */
  stop(reason: string): void {
    if (this.#left) return;
    this.#left = true;
    for (const timer of this.#timers) timer.cancel();
    this.#farewell.close();
    this.#answering.stop();
    this.#interjections.stop();
    this.#attendance.close();
    this.#listening.close();
    this.#deps.onLeaving?.();
    this.#connection?.leave(reason);
    this.#connection = undefined;
  }

  frameHeard(from: Participant, frame: AudioFrame): void {
    this.#listening.hear(from, frame, this.#deps.clock.nowMs() - FRAME_MS);
  }

  transcriptReceived(transcript: Transcript): void {
    if (this.#left) return;
    const { log, settings } = this.#deps;
    const { name, addressedOnly } = settings;
    // Whoever lost the connection and came back has another seat on the same connection.
    if (this.#connection) this.#seats.add(this.#connection.self.id);
    const reason = dropReason(transcript, { name, addressedOnly, seats: this.#seats });
    const { participant, text, final } = transcript;
    if (reason === undefined) this.#listening.read(transcript);
    else if (final) log.append({ type: 'transcript.dropped', agent: name, participant, text, reason });
  }

  participantJoined(peer: Participant): void {
    this.#attendance.joined(peer);
  }

  participantLeft(peer: Participant): void {
    this.#listening.forget(peer.id);
    // Who has said goodbye will not come back, so there is nothing to wait for.
    if (this.#leaver?.id === peer.id) this.#hangUp(this.#leaver.endedBy);
    else this.#attendance.left(peer);
  }

  appMessageReceived(from: Participant, data: unknown): void {
    const endedBy = announcedEnd(data);
    if (endedBy === undefined || !this.#attendance.isAgent(from)) return;
    this.#leaver = { id: from.id, endedBy };
    this.#answering.beQuiet();
  }

  #tick(): void {
    const listening = this.#listening;
    listening.tick();
    if (listening.inTurn && this.#answering.isFree && this.#playout.idle) this.#interjections.tick(listening.turnId, () => listening.floor);
  }

  #speaking(on: boolean): void {
    if (on) this.#interjections.floorTaken();
    this.#listening.speaking(on);
  }

  /** Greets whoever is there, and again who comes before anybody has said a word: they have heard no greeting. */
  #greet(): void {
    if (!this.#deps.settings.goesFirst || this.#farewell.hasBegun || this.#listening.inTurn || this.#context.hasHeard) return;
    this.#answering.greet();
  }

  #end(endedBy: EndedBy, { keepsReply, owesGoodbye }: { readonly keepsReply: boolean; readonly owesGoodbye: boolean }): void {
    if (this.#left || this.#farewell.hasBegun) return;
    this.#farewell.begin(endedBy, { owesGoodbye });
    this.#answering.finish({ keepsReply });
  }

  /** Everybody else has gone. */
  #hangUp(endedBy: EndedBy): void {
    if (this.#left) return;
    this.#farewell.begin(endedBy, { owesGoodbye: false });
    this.#farewell.leaveAtOnce();
  }

  #leave(endedBy: EndedBy): void {
    this.stop('left');
    this.#deps.onEnded(endedBy);
  }
}

/** The agent's name as ids hold it; where two names come out the same, the seat tells them apart. */
function slugOf({ name, order, knownAgents }: AgentSettings): string {
  const slug = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  const shared = knownAgents.filter((known) => slug(known) === slug(name)).length > 1;
  return shared ? `${slug(name)}-${order + 1}` : slug(name);
}
