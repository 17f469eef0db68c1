/**
 * The screen of a call: it watches the run as a sink, and plays the call when it is over. It owns the terminal from
 * opening to closing and gives it back as it was on every way out. Draws by the wall clock, never by events.
 */
import type { ReadStream, WriteStream } from 'node:tty';
import { render } from 'ink';
import type { WallClock } from '../clock/wall-clock.ts';
import type { BottalkEvent } from '../events/event.ts';
import type { Sink } from '../events/log.ts';
import { App } from './app.tsx';
import { DRAWS_PER_SECOND, FramePacer } from './frame-pacer.ts';
import { lookFor } from './look.ts';
import { Playback } from './playback.ts';
import { followed, type Key, PLAYER_START, type PlayerEffect, type PlayerFacts, type PlayerState, pressed } from './player.ts';
import { Sound } from './sound.ts';
import { findSoundCommand } from './sound-player.ts';
import type { RunFacts } from './summary-lines.ts';
import { type CallView, ViewState } from '../metrics/call-view.ts';

export type ScreenOptions = {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly wall: WallClock;
  /** Called for each Ctrl-C while the call runs (and once for `q`): the first ends the call in good order. From the
   * second on the terminal has been given back already, so that the process may exit at once. */
  readonly onInterrupt: () => void;
  /** NO_COLOR, TERM and the locale decide how it looks; PATH is searched for a sound player. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Why the providers are those of the header, a line each. */
  readonly choices?: readonly string[];
};

/** A call that is over, and what only the machine knows of it. */
export type FinishedCall = RunFacts & { readonly audioFile?: string };

export interface Screen {
  readonly sink: Sink;
  /**
   * Turns the screen into the player and resolves when the user leaves it; at once if the user ended the call by a
   * key, or where no key can be pressed.
   */
  finished(call: FinishedCall): Promise<void>;
  /** Gives the terminal back. Safe to call twice. */
  close(): Promise<void>;
}

export function openScreen(options: ScreenOptions): Screen {
  return new TerminalScreen(options);
}

class TerminalScreen implements Screen {
  readonly sink: Sink = { event: (event) => this.#event(event) };
  readonly #options: ScreenOptions;
  readonly #look;
  readonly #state = new ViewState();
  readonly #pacer: FramePacer;
  readonly #ink;
  readonly #keysWork: boolean;
  readonly #gone: Promise<unknown>;
  /** Undefined when an event has come since it was computed. */
  #view: CallView | undefined;
  #player: PlayerState = PLAYER_START;
  #facts: RunFacts | null = null;
  #notice: string | null = null;
  #interrupts = 0;
  #startedWallMs: number | undefined;
  #playback: Playback;
  #stopTicking: () => void = () => undefined;
  #closed = false;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#look = lookFor(options.env);
    this.#playback = new Playback({ wall: options.wall, sound: undefined });
    this.#keysWork = options.stdin.isTTY;
    this.#pacer = new FramePacer({ wall: options.wall, draw: () => this.#ink.rerender(this.#app()) });
    // Ink redraws by itself on a new size; ours has to be there first, so that it draws the new frame and not the old.
    options.stdout.on('resize', this.#resized);
    this.#ink = render(this.#app(), {
      stdin: options.stdin,
      stdout: options.stdout,
      interactive: true,
      alternateScreen: true,
      exitOnCtrlC: false,
      // Nothing of ours prints while the screen is up.
      patchConsole: false,
      incrementalRendering: true,
      // The pacer decides when to draw; Ink would only hold a frame back a second time.
      maxFps: 1000,
    });
    this.#gone = this.#ink.waitUntilExit();
    // Whoever waits for the player learns of a failure; until then it must not count as unhandled.
    this.#gone.catch(() => undefined);
  }

  async finished({ audioFile, ...facts }: FinishedCall): Promise<void> {
    const { wall, env } = this.#options;
    const player = audioFile === undefined ? undefined : findSoundCommand(env['PATH'] ?? '');
    const sound = audioFile !== undefined && player ? new Sound({ audioFile, player, onFailed: (message) => this.#note(`no sound: ${message}`) }) : undefined;
    this.#playback = new Playback({ wall, sound });
    this.#facts = facts;
    this.#notice = null;
    if (!this.#closed) this.#pacer.now();
    if (!this.#keysWork || this.#interrupts > 0) await this.close();
    await this.#gone;
  }

  async close(): Promise<void> {
    this.#shut();
    this.#ink.unmount();
    await this.#gone;
  }

  /** Everything but Ink itself, which may be the one who says that it is over. */
  readonly #shut = (): void => {
    this.#closed = true;
    this.#stopPlaying();
    this.#pacer.stop();
    this.#options.stdout.off('resize', this.#resized);
  };

  readonly #resized = (): void => this.#pacer.now();

  #event(event: BottalkEvent): void {
    this.#startedWallMs ??= this.#options.wall.nowMs();
    this.#state.event(event);
    this.#view = undefined;
    this.#pacer.request();
  }

  readonly #key = (key: Key): void => {
    const step = pressed(this.#player, key, this.#playerFacts());
    this.#player = step.state;
    this.#notice = this.#facts ? null : this.#notice;
    for (const effect of step.effects) this.#do(effect);
    this.#pacer.request();
  };

  #do(effect: PlayerEffect): void {
    switch (effect.kind) {
      case 'leave':
        this.#ink.unmount();
        return;
      case 'cancel':
        if (this.#interrupts === 0) this.#interrupt();
        return;
      case 'interrupt':
        this.#interrupt();
        return;
      case 'play':
        this.#playback.play(effect.fromMs);
        this.#startTicking();
        return;
      case 'pause':
        this.#playback.pause();
        this.#stopTicking();
        return;
      case 'resume':
        this.#playback.resume();
        this.#startTicking();
        return;
      case 'stop':
        this.#stopPlaying();
        return;
    }
  }

  #interrupt(): void {
    this.#interrupts += 1;
    if (this.#interrupts > 1) this.#ink.unmount();
    else this.#note('ending the call; Ctrl-C again leaves at once');
    this.#options.onInterrupt();
  }

  #tick(): void {
    const positionMs = this.#playback.positionMs;
    if (positionMs === null) return;
    if (positionMs >= this.#current().callMs) {
      this.#stopPlaying();
      this.#player = { ...this.#player, playback: 'stopped' };
    } else this.#player = followed(this.#player, positionMs, this.#playerFacts());
    this.#pacer.request();
  }

  #startTicking(): void {
    this.#stopTicking();
    this.#stopTicking = this.#options.wall.every(1000 / DRAWS_PER_SECOND, () => this.#tick());
  }

  #stopPlaying(): void {
    this.#stopTicking();
    this.#playback.stop();
  }

  #note(notice: string): void {
    this.#notice = notice;
    this.#pacer.request();
  }

  #current(): CallView {
    return (this.#view ??= this.#state.view);
  }

  #playerFacts(): PlayerFacts {
    return { turnStartsMs: this.#current().turns.map(({ turn }) => turn.startMs), over: this.#facts !== null };
  }

  #app() {
    const { stdout } = this.#options;
    const view = this.#current();
    return (
      <App
        view={view}
        size={{ columns: stdout.columns, rows: stdout.rows }}
        look={this.#look}
        player={this.#player}
        facts={this.#facts}
        playheadMs={this.#playback.positionMs}
        speedFactor={this.#speedFactor(view)}
        notice={this.#notice}
        choices={this.#options.choices ?? []}
        onKey={this.#key}
        onGone={this.#shut}
        keysWork={this.#keysWork}
      />
    );
  }

  #speedFactor({ callMs }: CallView): number | null {
    if (this.#facts) return this.#facts.wallSeconds === undefined ? null : callMs / 1000 / Math.max(this.#facts.wallSeconds, 0.001);
    const wallMs = this.#startedWallMs === undefined ? 0 : this.#options.wall.nowMs() - this.#startedWallMs;
    return wallMs > 0 ? callMs / wallMs : null;
  }
}
