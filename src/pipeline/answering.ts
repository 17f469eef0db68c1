/**
 * What an agent says, and when: one reply at a time. What comes up while it speaks, while its tools run or while the
 * peer holds the floor waits, and all that has waited is answered by one reply. Who has the floor, and whether the
 * call is about to end, others decide.
 */
import { isClosing } from './closing-phrase.ts';
import type { PeerTurn } from './listening.ts';
import type { LlmCause, ToolSpec } from './llm.ts';
import { Reply, type ReplyDeps, type ReplyOptions, type ReplyOutcome, type ToolCall } from './reply.ts';
import type { AgentSettings } from './settings.ts';
import { ToolRunner } from './tool-runner.ts';

const END_CONVERSATION: ToolSpec = {
  name: 'end_conversation',
  description: 'Ends the call. Say goodbye first.',
  parameters: { type: 'object', properties: {} },
};

/** What the model is told when there is somebody to greet. */
const OPENING = 'The other person is on the line now. Greet them and introduce yourself.';

export type AnsweringOptions = {
  /** Short form of the agent's name, for ids. */
  readonly slug: string;
  readonly settings: Pick<AgentSettings, 'interruptible' | 'endsConversation' | 'maxTurns' | 'tools' | 'addressedOnly'>;
  readonly reply: Omit<ReplyDeps, 'tools'>;
  /** Whether a turn of the peer is on. */
  readonly peerHasFloor: () => boolean;
  /** A reply is being made ready. */
  readonly onReply: () => void;
  /** The first sample of a reply goes out, or a reply is over. */
  readonly onSpeaking: (on: boolean) => void;
  /** Late text of the peer that no reply can take in any more. */
  readonly onTooLate: (text: string) => void;
  /** The model wants to end the call; whether it has said goodbye in the same breath. */
  readonly onEndCall: (saidGoodbye: boolean) => void;
  /** The last turn that the agent may have was spoken. */
  readonly onLastTurn: () => void;
  /** After `finish`: nothing is being said any more. */
  readonly onSilent: () => void;
};

type Request = { readonly cause: ReplyOptions['cause']; readonly llmCause: LlmCause; readonly turnId: string | null };

const KICKOFF: Request = { cause: 'kickoff', llmCause: 'kickoff', turnId: null };
const TOOL_RESULT: Request = { cause: 'tool_result', llmCause: 'tool_result', turnId: null };
const GOODBYE: Request = { cause: 'goodbye', llmCause: 'turn', turnId: null };

export class Answering {
  readonly #options: AnsweringOptions;
  readonly #deps: ReplyDeps;
  readonly #tools: ToolRunner;
  #reply: Reply | undefined;
  #replies = 0;
  /** What the latest reply answers. */
  #request: Request | undefined;
  /** What is to be answered as soon as that is possible. */
  #waiting: Request | undefined;
  /** What the peer kept the agent from answering. If nothing comes of the peer's speech, it is answered after all. */
  #unanswered: Request | undefined;
  /** What the peer said over a reply; the agent remembers it after its own words. */
  readonly #heardMeanwhile: string[] = [];
  /** Whether the peer's last turn left words, and whether the agent was heard since. */
  #lastTurnHadWords = false;
  #spokenSince = true;
  #spokenTurns = 0;
  #turnIsCounted = false;
  #mayAnswer = true;
  #finishing = false;

  constructor(options: AnsweringOptions) {
    const { settings, reply } = options;
    const { clock, log, agent, order, context } = reply;
    this.#options = options;
    this.#deps = { ...reply, tools: settings.endsConversation ? [...settings.tools, END_CONVERSATION] : settings.tools };
    this.#tools = new ToolRunner({ clock, log, agent, order, context, tools: settings.tools });
  }

  /** Nothing is being said or made ready, and the agent may begin something. */
  get isFree(): boolean {
    return this.#mayAnswer && !this.#reply && !this.#tools.running;
  }

  /** Whether a reply is being said, or the voice was given something to say. */
  get isVoiced(): boolean {
    return this.#reply?.voiced ?? false;
  }

  /** Opens the call; somebody who came in the middle of a greeting gets a new one. */
  greet(): void {
    if (this.#reply && !(this.#reply.cause === 'kickoff' && this.#reply.speaking)) return;
    this.#reply?.stop();
    this.#deps.context.system(OPENING);
    this.#respond(KICKOFF);
  }

  /** A turn of the peer has begun. */
  peerStarted(): void {
    if (!this.#options.settings.interruptible || this.#finishing) return;
    const request = this.#request;
    const lostTools = this.#tools.cancel();
    const lost = this.#waiting ?? (lostTools ? request : undefined);
    this.#waiting = undefined;
    const reply = this.#reply;
    reply?.stop();
    // Words that were heard have used up their request; what was never heard is still owed, should this be only noise.
    this.#unanswered = reply && reply.heard === '' && reply.cause !== 'barge_in' ? request : lost;
  }

  /** A turn of the peer is over. */
  peerStopped({ by, text, speechEndMs, turnId }: PeerTurn): void {
    if (this.#finishing) return;
    this.#lastTurnHadWords = text !== '';
    this.#spokenSince = by === 'barge_in';
    if (text !== '') this.#remember(text);
    if (by === 'barge_in') return this.#respond({ cause: 'barge_in', llmCause: 'barge_in', turnId });
    if (text !== '') return this.#respond({ cause: 'turn', llmCause: 'turn', turnId });
    // What waits for the end of a reply or of a tool goes on waiting.
    if (this.#reply || this.#tools.running) return;
    const owed = this.#waiting ?? this.#unanswered;
    if (owed) return this.#respond(owed);
    // The VAD heard speech and no word of it came. Who hears only what is addressed to it was not meant.
    const asks = speechEndMs !== null && this.#deps.llm.answersUnheard && !this.#options.settings.addressedOnly;
    if (asks) this.#respond({ cause: 'turn', llmCause: 'unheard', turnId });
  }

  /** Text of a turn that is over: it still changes an answer that has not begun to sound, else it is too late. */
  hearLate(text: string, turnId: string): void {
    if (this.#spokenSince || this.#finishing) return this.#options.onTooLate(text);
    this.#amend(text);
    const late: Request = { cause: 'late_text', llmCause: this.#reply?.cause === 'tool_result' ? 'tool_result' : 'turn', turnId };
    if (this.#reply?.speaking) {
      this.#waiting ??= late;
      return;
    }
    this.#waiting = undefined;
    this.#tools.cancel();
    this.#reply?.stop();
    this.#respond(late);
  }

  /** No new reply will begin; the one that sounds goes on. */
  beQuiet(): void {
    this.#mayAnswer = false;
    this.#waiting = undefined;
  }

  /** What sounds is said to its end, what does not yet is left; `keepsReply`: the present reply is said all the same. */
  finish({ keepsReply }: { readonly keepsReply: boolean }): void {
    this.beQuiet();
    this.#finishing = true;
    if (!this.#reply) this.#options.onSilent();
    else if (!keepsReply && !this.#reply.speaking) this.#reply.stop();
  }

  /** Says this, word for word, as the last thing in the call. */
  sayGoodbye(words: string): void {
    this.#start(GOODBYE, words);
  }

  /** Ends everything in the middle of a word. */
  stop(): void {
    this.beQuiet();
    this.#finishing = true;
    this.#reply?.stop();
    this.#tools.cancel();
  }

  #respond(request: Request): void {
    if (!this.#mayAnswer) return;
    if (!this.#reply && !this.#tools.running && !this.#options.peerHasFloor()) return this.#start(request);
    const { log, agent } = this.#deps;
    if (this.#reply && request.turnId !== null) log.append({ type: 'reply.deferred', agent, turnId: request.turnId });
    // What a tool has answered is not forgotten over what was said meanwhile; one reply will know of both.
    if (this.#waiting?.cause !== 'tool_result') this.#waiting = request;
  }

  #start(request: Request, verbatim?: string): void {
    this.#replies += 1;
    this.#request = request;
    this.#waiting = undefined;
    this.#unanswered = undefined;
    // What is said after a tool has answered goes on with the same turn.
    if (request.cause !== 'tool_result') this.#turnIsCounted = false;
    const reply = new Reply(this.#deps, {
      ...request,
      ...(verbatim === undefined ? {} : { verbatim }),
      id: `${this.#options.slug}-r${this.#replies}`,
      kind: request.cause === 'barge_in' ? 'barge_in' : 'reply',
      onSpeaking: () => {
        this.#spokenSince = true;
        this.#options.onSpeaking(true);
      },
      onToolCalls: (calls, text) => this.#callTools(reply, calls, text),
      onStopped: (outcome) => this.#stopped(reply, outcome),
    });
    this.#reply = reply;
    this.#options.onReply();
    reply.start();
  }

  #stopped({ heard }: Reply, outcome: ReplyOutcome): void {
    this.#reply = undefined;
    for (const text of this.#heardMeanwhile.splice(0)) this.#deps.context.user(text);
    if (heard !== '' && !this.#turnIsCounted) {
      this.#turnIsCounted = true;
      this.#spokenTurns += 1;
    }
    this.#options.onSpeaking(false);
    if (this.#finishing) return this.#options.onSilent();
    if (this.#wasLastTurn(heard, outcome)) return this.#options.onLastTurn();
    if (this.#waiting && this.isFree && !this.#options.peerHasFloor()) this.#start(this.#waiting);
  }

  /** After an interruption the peer is still answered, once; then the call ends however that goes. */
  #wasLastTurn(heard: string, outcome: ReplyOutcome): boolean {
    const goesOn = this.#tools.running || this.#waiting?.cause === 'tool_result';
    if (goesOn || (heard === '' && outcome !== 'failed')) return false;
    const { maxTurns } = this.#options.settings;
    return this.#spokenTurns > maxTurns || (this.#spokenTurns === maxTurns && outcome !== 'interrupted');
  }

  #callTools(reply: Reply, calls: readonly ToolCall[], text: string): void {
    const ends = (call: ToolCall): boolean => this.#options.settings.endsConversation && call.name === END_CONVERSATION.name;
    const ending = calls.find(ends);
    const others = calls.filter((call) => !ends(call));
    if (others.length > 0) this.#tools.run(reply.id, others, () => this.#respond(TOOL_RESULT));
    if (!ending) return;
    this.#tools.settle(reply.id, ending, { result: { status: 'ending' }, failed: false });
    this.#options.onEndCall(isClosing(text));
  }

  #remember(text: string): void {
    if (this.#reply) this.#heardMeanwhile.push(text);
    else this.#deps.context.user(text);
  }

  #amend(text: string): void {
    const last = this.#heardMeanwhile.length - 1;
    if (!this.#lastTurnHadWords) this.#remember(text);
    else if (last >= 0) this.#heardMeanwhile[last] += ` ${text}`;
    else this.#deps.context.amendUser(text);
    this.#lastTurnHadWords = true;
  }
}
