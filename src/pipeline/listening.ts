/**
 * How an agent follows its peer: ears and transcripts go into the turn machine, its questions go to the end-of-turn
 * strategy, and what comes out are turns. It decides nothing about answering.
 */
import type { AudioFrame } from '../audio/frame.ts';
import type { Clock, Timer } from '../clock/clock.ts';
import type { EventLog } from '../events/log.ts';
import type { Connection, Participant, Transcript } from '../room/room.ts';
import { Ears } from './ears.ts';
import type { EndOfTurnStrategy } from './end-of-turn.ts';
import { Judging } from './judging.ts';
import type { ContextMessage } from './llm.ts';
import { type Floor, PeerFloor } from './peer-floor.ts';
import type { Purse } from './purse.ts';
import type { AgentSettings } from './settings.ts';
import { finalText, NO_TURN, stepTurn, turnDueMs, type TurnInput, type TurnOutput, type TurnRules, type TurnState, turnText } from './user-turn.ts';
import type { VadProvider } from './vad.ts';

/** A turn of the peer that is over. */
export type PeerTurn = Omit<Extract<TurnOutput, { kind: 'stopped' }>, 'kind'> & { readonly turnId: string };

export type ListeningOptions = {
  readonly clock: Clock;
  readonly log: EventLog;
  readonly settings: AgentSettings;
  /** Short form of the agent's name, for ids. */
  readonly slug: string;
  readonly vad: VadProvider;
  readonly endOfTurn: EndOfTurnStrategy;
  readonly purse?: Purse | undefined;
  /** The conversation so far, without the turn that is on. */
  readonly messages: () => readonly ContextMessage[];
  readonly onStarted: () => void;
  readonly onStopped: (turn: PeerTurn) => void;
  /** Text of a turn that is over already. */
  readonly onLate: (text: string, turnId: string) => void;
};

export class Listening {
  readonly #options: ListeningOptions;
  readonly #ears: Ears;
  readonly #judging: Judging;
  #rules: TurnRules;
  #state: TurnState = NO_TURN;
  #timer: Timer | undefined;
  #turns = 0;
  readonly #floor = new PeerFloor();
  #closed = false;

  constructor(options: ListeningOptions) {
    const { clock, log, settings, vad, endOfTurn, purse } = options;
    this.#options = options;
    this.#judging = new Judging({ clock, log, agent: settings.name, strategy: endOfTurn, purse });
    this.#rules = { ...settings.turn, transcriptionLatencyMs: 0, readsText: endOfTurn.readsText };
    this.#ears = new Ears({
      agent: settings.name,
      log,
      vad,
      settings: settings.vad,
      keepsAudio: endOfTurn.needsAudio,
      inTurn: () => this.#state.on,
      onStarted: (speechStartMs) => {
        this.#floor.speechStarted(speechStartMs);
        this.#step({ kind: 'vad_started' });
      },
      onStopped: (speechEndMs) => {
        this.#floor.speechStopped(speechEndMs);
        this.#step({ kind: 'vad_stopped', speechEndMs });
      },
    });
  }

  /** Begins, in a room that says how long its transcription takes. */
  begin({ transcriptionLatencyMs }: Pick<Connection, 'transcriptionLatencyMs'>): void {
    this.#rules = { ...this.#rules, transcriptionLatencyMs };
  }

  /** Whether a turn of the peer is on. */
  get inTurn(): boolean {
    return this.#state.on;
  }

  /** The turn that is on, or the last one. */
  get turnId(): string {
    return `${this.#options.slug}-t${this.#turns}`;
  }

  /** The peer holds the floor and is heard speaking: for how long, and what was understood so far. */
  get floor(): Floor | undefined {
    return this.#state.on && this.#ears.isSounding ? this.#floor.now(this.#options.clock.nowMs(), turnText(this.#state)) : undefined;
  }

  hear(from: Participant, frame: AudioFrame, startMs: number): void {
    if (!this.#closed) this.#ears.hear(from, frame, startMs);
  }

  /** A transcript that the agent may hear. */
  read({ text, final, startMs, endMs, upToPause = false }: Transcript): void {
    this.#step({ kind: 'transcript', text, final, startMs, endMs, upToPause });
  }

  tick(): void {
    this.#ears.tick(this.#options.clock.nowMs());
  }

  forget(participant: string): void {
    this.#ears.forget(participant);
  }

  /** The agent's own reply has begun or ended to sound. */
  speaking(on: boolean): void {
    if (on || this.#state.agentSpeaking) this.#floor.lost(this.#options.clock.nowMs());
    this.#step({ kind: 'agent_speaking', on });
  }

  /** Ends the peer's turn as far as it goes, because the agent barges in. */
  takeFloor(): void {
    this.#step({ kind: 'taken' });
  }

  /** Late text that changes nothing any more joins the next turn. */
  keep(text: string): void {
    this.#step({ kind: 'kept', text });
  }

  /** Hears nothing more; what had begun is over. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#ears.close();
    this.#judging.close();
    const { log, settings } = this.#options;
    const { on, speechEndMs } = this.#state;
    const text = finalText(this.#state);
    if (on) log.append({ type: 'turn.stopped', agent: settings.name, turnId: this.turnId, text, by: 'watchdog', speechEndMs });
  }

  #step(input: TurnInput): void {
    if (this.#closed) return;
    const { clock, settings } = this.#options;
    const [next, outputs] = stepTurn(this.#state, input, clock.nowMs(), this.#rules);
    this.#state = next;
    this.#judging.keepOnly(next.ask);
    this.#timer?.cancel();
    const dueMs = turnDueMs(next);
    this.#timer = dueMs === null ? undefined : clock.at(dueMs, { phase: 'turn', order: settings.order }, () => this.#step({ kind: 'woken' }));
    for (const output of outputs) this.#handle(output);
  }

  #handle(output: TurnOutput): void {
    const { log, settings, onStarted, onStopped, onLate } = this.#options;
    switch (output.kind) {
      case 'started':
        this.#turns += 1;
        log.append({ type: 'turn.started', agent: settings.name, turnId: this.turnId, by: output.by, whileSpeaking: this.#state.agentSpeaking });
        return onStarted();
      case 'ask':
        return this.#judge(output.ask);
      case 'stopped': {
        const { by, text, speechEndMs } = output;
        this.#ears.endTurn();
        this.#floor.turnStopped(text);
        log.append({ type: 'turn.stopped', agent: settings.name, turnId: this.turnId, text, by, speechEndMs });
        return onStopped({ by, text, speechEndMs, turnId: this.turnId });
      }
      case 'late':
        return onLate(output.text, this.turnId);
    }
  }

  #judge(number: number): void {
    const { endOfTurn, messages } = this.#options;
    const audio = endOfTurn.needsAudio ? this.#ears.turnAudio() : new Int16Array(0);
    const turn = { text: turnText(this.#state), audio, messages: messages() };
    this.#judging.ask({ number, turnId: this.turnId, turn, onVerdict: (complete) => this.#step({ kind: 'verdict', ask: number, complete }) });
  }
}
