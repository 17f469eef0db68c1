/**
 * One agent in a room that the test moves by hand, with a real clock, a real log and small honest providers. The
 * test writes down what will happen, runs the call to a time and looks at the events.
 */
import { seededRandom } from '../base/random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { systemWallClock } from '../clock/wall-clock.ts';
import { type BottalkEvent, type EndedBy, EVENT_SCHEMA, type EventOf, type EventType } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { Agent } from '../pipeline/agent.ts';
import type { EndOfTurnStrategy } from '../pipeline/end-of-turn.ts';
import type { Purse } from '../pipeline/purse.ts';
import type { AgentSettings } from '../pipeline/settings.ts';
import { silenceEndOfTurn } from '../pipeline/silence-end-of-turn.ts';
import { energyVad } from './energy-vad.ts';
import { HandRoom } from './hand-room.ts';
import { ListedBrain, type ListedAnswer } from './listed-brain.ts';
import { logFaults } from './log-invariants.ts';
import { ToneVoice, type ToneVoiceOptions } from './tone-voice.ts';

/** Sarah goes first and may end the call; Mike is her peer. Speech starts after 0.1 s and stops after 0.2 s. */
export const SARAH: AgentSettings = {
  name: 'Sarah',
  order: 0,
  goesFirst: true,
  systemPrompt: 'You are Sarah.',
  voice: 'v',
  knownAgents: ['Sarah', 'Mike'],
  addressedOnly: false,
  vad: { confidence: 0.5, startSecs: 0.1, stopSecs: 0.2, minVolume: 0 },
  turn: { stopMs: 1200, timeoutMs: 2000, minWords: 0 },
  interruptible: true,
  endsConversation: true,
  maxTurns: 20,
  tools: [],
  manners: {},
};

export type AgentCallOptions = {
  readonly settings?: Partial<AgentSettings>;
  readonly answers?: readonly ListedAnswer[];
  readonly voice?: Omit<ToneVoiceOptions, 'clock'>;
  readonly endOfTurn?: EndOfTurnStrategy;
  /** Told how to end the call. */
  readonly purse?: (endCall: () => void) => Purse;
  /** What the room announces. */
  readonly latencyMs?: number;
};

export class AgentCall {
  readonly clock = new VirtualClock({ wall: systemWallClock });
  readonly events: BottalkEvent[] = [];
  readonly log = new RunLog({ nowMs: () => this.clock.nowMs(), sinks: [{ event: (event) => void this.events.push(event) }] });
  readonly room: HandRoom;
  readonly brain: ListedBrain;
  readonly voice: ToneVoice;
  readonly agent: Agent;
  readonly settings: AgentSettings;
  endedBy: EndedBy | undefined;

  constructor({ settings = {}, answers = ['Hello there.'], voice = {}, endOfTurn = silenceEndOfTurn(), purse, latencyMs = 0 }: AgentCallOptions = {}) {
    const { clock, log } = this;
    this.settings = { ...SARAH, ...settings };
    const about = { llm: 'listed', llmModel: 'listed', tts: 'tone', ttsModel: 'tone', voice: 'v', vad: 'energy', endOfTurn: endOfTurn.name };
    const sarah = { ...about, name: this.settings.name, role: 'system', goesFirst: this.settings.goesFirst } as const;
    log.append({ type: 'run.started', schema: EVENT_SCHEMA, scenario: {}, seed: 1, clock: 'virtual', room: 'hand', transcription: 'hand', agents: [sarah] });
    this.room = new HandRoom({ clock, log, latencyMs });
    this.brain = new ListedBrain(clock, answers);
    this.voice = new ToneVoice({ clock, ...voice });
    this.agent = new Agent({
      clock,
      log,
      random: seededRandom('call'),
      settings: this.settings,
      llm: this.brain,
      tts: this.voice,
      vad: energyVad,
      endOfTurn,
      purse: purse?.(() => this.agent.end('budget')),
      onEnded: (endedBy) => void (this.endedBy = endedBy),
    });
    clock.task(() => this.agent.join(this.room));
  }

  /** Runs to that time; then everything is stopped in the middle. A log that is not sound fails the test. */
  async run(untilMs: number): Promise<this> {
    this.clock.at(untilMs, { phase: 'publish', order: 99 }, () => {
      this.agent.stop('test over');
      this.room.empty();
      this.log.append({ type: 'run.ended', endedBy: this.endedBy ?? 'cancelled' });
      this.clock.stop();
    });
    await this.clock.run();
    const faults = logFaults(this.events);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    return this;
  }

  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Events of these types, each as one line that begins with its call time in milliseconds. */
  lines(...types: readonly EventType[]): string[] {
    return this.events.filter(({ type }) => types.includes(type)).map((event) => `${Math.round(event.atMs)} ${lineOf(event)}`);
  }

  /** What the model was last sent, one line a message, the system prompt left out. */
  get lastMessages(): string[] {
    const messages = this.brain.asked.at(-1)?.request.messages ?? [];
    return messages.slice(1).map((message) => ('text' in message ? `${message.role}: ${message.text}` : `${message.role}: ${message.name}`));
  }
}

function lineOf(event: BottalkEvent): string {
  switch (event.type) {
    case 'reply.started':
      return `${event.replyId} started: ${event.cause}`;
    case 'reply.stopped':
      return `${event.replyId} ${event.outcome}: ${event.heard}`;
    case 'turn.started':
      return `${event.turnId} by ${event.by}`;
    case 'turn.stopped':
      return `${event.turnId} by ${event.by}: ${event.text}`;
    case 'utterance.stopped':
      return `${event.kind} ${event.cut ? 'cut' : 'whole'}: ${event.words.map(({ text }) => text).join(' ')}`;
    case 'context.appended':
      return `${event.role}: ${event.text}`;
    case 'context.amended':
      return `${event.role} amended: ${event.text}`;
    case 'tool.answered':
      return `${event.name} ${event.failed ? 'failed' : 'answered'}: ${JSON.stringify(event.result)}`;
    default:
      return event.type;
  }
}
