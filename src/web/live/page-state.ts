/**
 * What the page knows, as signals: the server, the call that it shows, and how far. It puts together the socket, the
 * speaker and the call; components read it and call what it can do.
 */
import { batch, computed, signal } from '@preact/signals';
import { reasonOf } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { CallView } from '../../metrics/call-view.ts';
import type { CheckResult } from '../../metrics/checks/check.ts';
import type { LiveEnding, LiveRun, ServerMessage, Speed, StartRequest } from '../parts/live-messages.ts';
import type { LiveSound } from '../parts/live-sound.ts';
import { Link } from './link.ts';
import { ask } from './server.ts';
import { ShownCall } from './shown-call.ts';
import { Speaker } from './speaker.ts';

export type Hello = Extract<ServerMessage, { kind: 'hello' }>;

/** `cut`: the server that ran it is gone, so that nothing more will come of it. */
export type CallState = 'none' | 'starting' | 'running' | 'cut' | 'over';

export class PageState {
  readonly connection = signal<'connecting' | 'open' | 'lost'>('connecting');
  readonly hello = signal<Hello | null>(null);
  readonly run = signal<LiveRun | null>(null);
  readonly callState = signal<CallState>('none');
  readonly #callSpeed = signal<Speed>(1);
  /** What was chosen last, and what the next call starts with; a call that is told of from its beginning changes nothing of it. */
  readonly #chosenSpeed = signal<Speed>(1);
  readonly speed = computed(() => (this.callState.value === 'running' ? this.#callSpeed.value : this.#chosenSpeed.value));
  readonly paused = signal(false);
  readonly view = signal<CallView | null>(null);
  readonly checks = signal<ReadonlyMap<number, CheckResult>>(new Map());
  readonly ending = signal<LiveEnding | null>(null);
  readonly callMs = signal(0);
  /** For what need not move thirty times a second. */
  readonly callTenths = computed(() => Math.floor(this.callMs.value / 100));
  readonly levels = signal<readonly number[]>([]);
  readonly muted = signal(false);
  readonly sounding = signal(false);
  readonly startError = signal<string | null>(null);
  /** What a screen reader is told of; a sentence at a time, and few of them. */
  readonly announcement = signal('');
  readonly #link: Link;
  readonly #speaker: Speaker;
  #call: ShownCall | undefined;

  constructor({ wall, url, soundScript }: { readonly wall: WallClock; readonly url: string; readonly soundScript: string }) {
    this.#speaker = new Speaker({ wall, script: soundScript, onPlayed: ({ callMs, levels }) => this.#played(callMs, levels) });
    this.#link = new Link({ wall, url, onMessage: (message) => this.#hear(message), onSound: (sound) => this.#sound(sound), onLost: () => this.#lost() });
  }

  /** Resolves when the run has begun, or when the reason why not is told. */
  async start(request: StartRequest): Promise<void> {
    if (this.callState.value === 'starting') return;
    const before = this.callState.value;
    batch(() => {
      this.callState.value = 'starting';
      this.startError.value = null;
    });
    // The browser lets sound out only while it handles the click; whether it does must not keep the call from starting.
    void this.openSound();
    try {
      await ask('/api/start', { ...request, speed: this.#chosenSpeed.value });
    } catch (error) {
      batch(() => {
        this.startError.value = reasonOf(error);
        if (this.callState.value === 'starting') this.callState.value = before;
      });
    }
  }

  stop(): void {
    this.#link.send({ kind: 'stop' });
  }

  togglePause(): void {
    if (this.canPace) this.#link.send({ kind: this.paused.value ? 'resume' : 'pause' });
  }

  setSpeed(speed: Speed): void {
    this.#chosenSpeed.value = speed;
    if (!this.canPace) return;
    // The button shows what was pressed, and then what the server says.
    this.#callSpeed.value = speed;
    this.#link.send({ kind: 'pace', speed });
  }

  /** Whether there is a call, and a server that can be told what to do with it. */
  get isLive(): boolean {
    return this.callState.value === 'running' && this.connection.value === 'open';
  }

  /** Whether there is something to stop; a call may take long to begin while prompts are written for it. */
  get canStop(): boolean {
    return this.isLive || (this.callState.value === 'starting' && this.connection.value === 'open');
  }

  /** Whether the call runs at a pace that is ours to choose. */
  get canPace(): boolean {
    return this.isLive && this.run.value?.adjustable === true;
  }

  mute(muted: boolean): void {
    this.#speaker.mute(muted);
    this.muted.value = muted;
    if (!muted) void this.openSound();
  }

  async openSound(): Promise<void> {
    try {
      await this.#speaker.open();
    } catch {
      // Without sound the call is shown all the same, and the button says that it is off.
    }
    this.sounding.value = this.#speaker.isOpen;
  }

  #hear(message: ServerMessage): void {
    // What is left of a call that another has taken the place of.
    if ('run' in message && typeof message.run === 'number' && message.run !== this.run.value?.number) return;
    switch (message.kind) {
      case 'hello':
        return this.#greeted(message);
      case 'run':
        return this.#begin(message.run);
      case 'event':
        this.#call?.tell({ kind: 'event', event: message.event });
        return this.#known(message.event.atMs);
      case 'check':
        this.#call?.tell({ kind: 'check', check: message.check });
        return;
      case 'time':
        return this.#known(message.callMs);
      case 'pace':
        return this.#paced(message.speed, message.paused);
      case 'ended':
        this.#call?.tell({ kind: 'ended', ending: message });
        return this.#speaker.tell({ kind: 'over' });
    }
  }

  #greeted(hello: Hello): void {
    const restarted = this.hello.value !== null && this.hello.value.server !== hello.server;
    batch(() => {
      this.hello.value = hello;
      this.connection.value = 'open';
      if (restarted && this.callState.value !== 'none' && this.callState.value !== 'over') {
        this.callState.value = this.run.value ? 'cut' : 'none';
        this.paused.value = false;
      }
      if (restarted) this.announcement.value = 'Connected again. The server was restarted.';
    });
    this.#link.send({ kind: 'sound', wanted: true });
  }

  #begin(run: LiveRun): void {
    this.#call = new ShownCall(run);
    this.#speaker.begin();
    this.#speaker.tell({ kind: 'pace', speed: 1, paused: false });
    batch(() => {
      this.run.value = run;
      this.callState.value = 'running';
      this.paused.value = false;
      this.view.value = this.#call?.view ?? null;
      this.checks.value = new Map();
      this.ending.value = null;
      this.callMs.value = 0;
      this.startError.value = null;
      this.announcement.value = `${run.title} has begun.`;
    });
  }

  #known(callMs: number): void {
    this.#speaker.tell({ kind: 'known', callMs });
  }

  #sound(sound: LiveSound): void {
    if (sound.run === this.run.value?.number) this.#speaker.tell({ kind: 'sound', order: sound.order, callMs: sound.callMs, samples: sound.samples });
  }

  #paced(speed: Speed, paused: boolean): void {
    this.#speaker.tell({ kind: 'pace', speed, paused });
    batch(() => {
      this.#callSpeed.value = speed;
      if (paused !== this.paused.value) this.announcement.value = paused ? 'Paused.' : 'Goes on.';
      this.paused.value = paused;
    });
  }

  #played(callMs: number, levels: readonly number[]): void {
    const call = this.#call;
    const isNew = call?.showUntil(callMs) ?? false;
    batch(() => {
      if (Math.abs(callMs - this.callMs.peek()) >= 1) this.callMs.value = callMs;
      this.levels.value = levels;
      this.sounding.value = this.#speaker.isOpen;
      if (!call || !isNew) return;
      this.view.value = call.view;
      this.checks.value = call.checks;
      if (call.ending && !this.ending.peek()) {
        this.ending.value = call.ending;
        this.callState.value = 'over';
        this.paused.value = false;
        this.announcement.value = `The call is over: ${call.ending.verdict}.`;
      }
    });
  }

  #lost(): void {
    if (this.connection.value === 'open') this.announcement.value = 'The server is gone. Connecting again.';
    this.connection.value = 'lost';
  }
}
