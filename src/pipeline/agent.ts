/**
 * One agent at the table: ears, turn-taking, memory, brain, voice and playout on one connection. This file decides
 * what follows from what; each stage keeps its own rules. The agent appends to the log and never reads it.
 */
import { FRAME_MS } from '../audio/format.ts';
import type { Random } from '../base/random.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import type { EndedBy } from '../events/event.ts';
import type { EventLog } from '../events/log.ts';
import type { Connection, Participant, RoomListener, Transcript, Transport } from '../room/room.ts';
import { Attendance } from './attendance.ts';
import { isClosing } from './closing-phrase.ts';
import { ConversationContext } from './context.ts';
import type { EndOfTurnStrategy } from './end-of-turn.ts';
import type { LlmCause, LlmProvider, ToolSpec } from './llm.ts';
import { Listening, type PeerTurn } from './listening.ts';
import { TurnManners } from './manners.ts';
import { Playout } from './playout.ts';
import { Reply, type ReplyOptions, type ReplyOutcome, type ToolCall } from './reply.ts';
import type { AgentSettings } from './settings.ts';
import { Speech, type SpeechDeps } from './speech.ts';
import { ToolRunner } from './tool-runner.ts';
import { dropReason } from './transcript-filter.ts';
import type { TtsProvider } from './tts.ts';
import type { VadProvider } from './vad.ts';

/** Silence after the last word before the agent leaves, so that the line does not drop on its goodbye. */
const END_SILENCE_MS = 2000;
/** However the goodbye goes, the agent has left by then. */
const END_LIMIT_MS = 15_000;
const KICKOFF = 'The other person is on the line now. Greet them and introduce yourself.';
const GOODBYE = 'Thank you for your time. Goodbye.';
/** Tells the other agent that the call is about to end, so that it does not start to answer the goodbye. */
const CALL_ENDING = 'call_ending';
export const END_CONVERSATION: ToolSpec = {
  name: 'end_conversation',
  description: 'Ends the call. Say goodbye first.',
  parameters: { type: 'object', properties: {} },
};

export type AgentDeps = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly random: Random;
  readonly settings: AgentSettings;
  readonly llm: LlmProvider;
  readonly tts: TtsProvider;
  readonly vad: VadProvider;
  readonly endOfTurn: EndOfTurnStrategy;
  /** The agent has left the call on its own account. */
  readonly onEnded: (endedBy: EndedBy) => void;
};

type Request = { readonly cause: ReplyOptions['cause']; readonly llmCause: LlmCause; readonly turnId: string | null };

export class Agent implements RoomListener {
  readonly #deps: AgentDeps;
  readonly #context: ConversationContext;
  readonly #playout = new Playout();
  readonly #listening: Listening;
  readonly #attendance: Attendance;
  readonly #tools: ToolRunner;
  readonly #timers: Timer[] = [];
  #connection: Connection | undefined;
  #manners: TurnManners | undefined;
  #reply: Reply | undefined;
  #replies = 0;
  #asides = 0;
  #spokenTurns = 0;
  /** What to say once the present reply is over. */
  #next: Request | undefined;
  #ending: EndedBy | undefined;
  #goodbyeOwed = false;
  #peerEnding = false;
  #left = false;

  constructor(deps: AgentDeps) {
    const { clock, log, settings } = deps;
    const { name: agent, order } = settings;
    this.#deps = deps;
    this.#context = new ConversationContext(agent, settings.systemPrompt, log);
    this.#tools = new ToolRunner({ clock, log, agent, context: this.#context, tools: settings.tools });
    this.#attendance = new Attendance({
      clock,
      log,
      agent,
      order,
      knownAgents: settings.knownAgents,
      onReady: () => this.#kickOff(),
      onHangup: () => this.end('hangup'),
    });
    this.#listening = new Listening({
      clock,
      log,
      settings,
      slug: this.#slug,
      vad: deps.vad,
      endOfTurn: deps.endOfTurn,
      onStarted: () => this.#peerStarted(),
      onStopped: (turn) => this.#peerStopped(turn),
      onLate: (text) => this.#hearLate(text),
    });
  }

  /** Takes the seat and begins to tick. */
  async join(transport: Transport): Promise<void> {
    const { clock, settings } = this.#deps;
    const { name, order } = settings;
    this.#connection = await transport.join({ name, order }, this);
    this.#listening.begin(this.#connection.transcriptionLatencyMs);
    this.#attendance.begin();
    this.#timers.push(
      clock.every(FRAME_MS, { phase: 'turn', order }, () => this.#tick()),
      clock.every(FRAME_MS, { phase: 'playout', order }, () => this.#connection?.publish(this.#playout.next(clock.nowMs()))),
    );
  }

  /** Ends the call gracefully: what is being said is said to its end, then the agent leaves. */
  end(endedBy: EndedBy): void {
    if (this.#ending) return;
    const { clock, log, settings } = this.#deps;
    this.#ending = endedBy;
    log.append({ type: 'call.ending', endedBy, agent: settings.name });
    this.#connection?.sendAppMessage({ type: CALL_ENDING, ended_by: endedBy });
    this.#timers.push(clock.at(clock.nowMs() + END_LIMIT_MS, { phase: 'turn', order: settings.order }, () => this.#leave()));
    if (!this.#reply) this.#sayGoodbyeAndLeave();
  }

  /** Ends everything now, in the middle of a word if need be, and leaves. */
  stop(reason: string): void {
    this.#left = true;
    this.#reply?.stop();
    this.#tools.cancel();
    this.#playout.dropAll();
    for (const timer of this.#timers) timer.cancel();
    this.#attendance.close();
    this.#listening.close();
    this.#connection?.leave(reason);
    this.#connection = undefined;
  }

  frameHeard(from: Participant, frame: Parameters<RoomListener['frameHeard']>[1]): void {
    this.#listening.hear(from, frame, this.#deps.clock.nowMs() - FRAME_MS);
  }

  transcriptReceived(transcript: Transcript): void {
    const { log, settings } = this.#deps;
    if (!this.#connection) return;
    const self = { participant: this.#connection.self.id, name: settings.name, addressedOnly: settings.addressedOnly };
    const reason = dropReason(transcript, self);
    const { participant, text, final } = transcript;
    if (reason === undefined) this.#listening.read(transcript);
    else if (final) log.append({ type: 'transcript.dropped', agent: settings.name, participant, text, reason });
  }

  participantJoined(peer: Participant): void {
    this.#attendance.joined(peer);
  }

  participantLeft(peer: Participant): void {
    this.#listening.forget(peer.id);
    this.#attendance.left(peer);
  }

  appMessageReceived(_from: Participant, data: unknown): void {
    if (typeof data === 'object' && data !== null && 'type' in data && data.type === CALL_ENDING) this.#peerEnding = true;
  }

  #tick(): void {
    this.#listening.tick();
    if (!this.#reply && this.#playout.idle && this.#mayAnswer) this.#mindManners();
  }

  #peerStarted(): void {
    const { llm, settings, random } = this.#deps;
    const planned = llm.plannedManners?.(this.#context.messages) ?? {};
    this.#manners = new TurnManners([planned, settings.manners], random.fork(this.#listening.turnId));
    if (settings.interruptible && !this.#ending) this.#interrupt();
  }

  #peerStopped({ by, text, speechEndMs, turnId }: PeerTurn): void {
    this.#manners = undefined;
    if (this.#ending) return;
    if (text !== '') this.#context.user(text);
    if (by === 'barge_in') return this.#respond({ cause: 'barge_in', llmCause: 'barge_in', turnId });
    if (text !== '') return this.#respond({ cause: 'turn', llmCause: 'turn', turnId });
    // The VAD heard speech and no word of it came.
    if (speechEndMs !== null && this.#deps.llm.answersUnheard) this.#respond({ cause: 'turn', llmCause: 'unheard', turnId });
  }

  /** Text of a turn that is over: it still changes a reply that has not begun to sound, else it waits for the next turn. */
  #hearLate(text: string): void {
    const reply = this.#reply;
    if (!reply || reply.speaking || (reply.cause !== 'turn' && reply.cause !== 'late_text')) return this.#listening.keep(text);
    reply.stop();
    this.#context.amendUser(text);
    this.#respond({ cause: 'late_text', llmCause: 'turn', turnId: this.#listening.turnId });
  }

  get #mayAnswer(): boolean {
    return !this.#ending && !this.#peerEnding && !this.#left;
  }

  get #slug(): string {
    return this.#deps.settings.name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  }

  #kickOff(): void {
    // Once somebody has answered, or while the greeting is on its way, there is nothing to greet for.
    if (!this.#deps.settings.goesFirst || this.#listening.turns > 0 || this.#reply || this.#ending) return;
    this.#context.system(KICKOFF);
    this.#respond({ cause: 'kickoff', llmCause: 'kickoff', turnId: null });
  }

  /** Answers now, or after what is being said. */
  #respond(request: Request): void {
    if (!this.#mayAnswer) return;
    if (!this.#reply && !this.#tools.running) return this.#startReply(request);
    if (request.turnId !== null) this.#deps.log.append({ type: 'reply.deferred', agent: this.#deps.settings.name, turnId: request.turnId });
    this.#next = request;
  }

  #startReply(request: Request, verbatim?: string): void {
    const { settings, llm } = this.#deps;
    this.#replies += 1;
    this.#next = undefined;
    const reply = new Reply(
      {
        ...this.#speechDeps,
        llm,
        context: this.#context,
        tools: settings.endsConversation ? [...settings.tools, END_CONVERSATION] : settings.tools,
      },
      {
        ...request,
        ...(verbatim === undefined ? {} : { verbatim }),
        id: `${this.#slug}-r${this.#replies}`,
        kind: request.cause === 'barge_in' ? 'barge_in' : 'reply',
        onSpeaking: () => this.#listening.speaking(true),
        onToolCalls: (calls, text) => this.#callTools(reply, calls, text),
        onStopped: (outcome, heard) => this.#replyStopped(reply, outcome, heard),
      },
    );
    this.#reply = reply;
    reply.start();
  }

  get #speechDeps(): SpeechDeps {
    const { clock, log, tts, settings } = this.#deps;
    return { clock, log, tts, playout: this.#playout, agent: settings.name, voice: settings.voice, order: settings.order };
  }

  #replyStopped(reply: Reply, outcome: ReplyOutcome, heard: string): void {
    this.#reply = undefined;
    if (this.#left) return;
    this.#listening.speaking(false);
    // What is said after a tool has answered goes on with the same turn.
    if (heard !== '' && reply.cause !== 'tool_result') this.#spokenTurns += 1;
    if (this.#ending) return this.#sayGoodbyeAndLeave();
    if (this.#spokenTurns >= this.#deps.settings.maxTurns && outcome !== 'interrupted') return this.end('max_turns');
    if (this.#next && !this.#tools.running && this.#mayAnswer) this.#startReply(this.#next);
  }

  #interrupt(): void {
    this.#tools.cancel();
    this.#next = undefined;
    this.#reply?.stop();
  }

  #callTools(reply: Reply, calls: readonly ToolCall[], text: string): void {
    const { settings } = this.#deps;
    const ending = settings.endsConversation ? calls.find((call) => call.name === END_CONVERSATION.name) : undefined;
    if (ending) {
      this.#tools.settle(reply.id, ending, { result: { status: 'ending' }, failed: false });
      this.#goodbyeOwed = !isClosing(text);
      return this.end('end_conversation');
    }
    this.#tools.run(reply.id, calls, () => this.#respond({ cause: 'tool_result', llmCause: 'tool_result', turnId: null }));
  }

  #sayGoodbyeAndLeave(): void {
    const { clock, settings } = this.#deps;
    if (this.#goodbyeOwed) {
      this.#goodbyeOwed = false;
      return this.#startReply({ cause: 'goodbye', llmCause: 'turn', turnId: null }, GOODBYE);
    }
    this.#timers.push(clock.at(clock.nowMs() + END_SILENCE_MS, { phase: 'turn', order: settings.order }, () => this.#leave()));
  }

  #leave(): void {
    if (this.#left || !this.#ending) return;
    this.stop('left');
    this.#deps.onEnded(this.#ending);
  }

  #mindManners(): void {
    const floor = this.#listening.floor;
    const manner = floor && this.#manners?.next(floor.speechMs, floor.text);
    if (!manner) return;
    if (manner.kind === 'barge_in') return this.#listening.takeFloor();
    this.#asides += 1;
    const utteranceId = `${this.#slug}-s${this.#asides}`;
    const speech = new Speech(this.#speechDeps, { utteranceId, replyId: null, kind: manner.kind, onStopped: () => {} });
    speech.send(manner.text);
    speech.end();
  }
}
