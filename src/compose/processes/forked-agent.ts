/**
 * The process of one agent as seen from where the run is kept. It ends with this process, however that happens: it
 * notices that the channel is gone, and its browser hangs on it. What it says is for others to understand.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { FromAgent, ToAgent } from './agent-messages.ts';

export type ForkedAgentOptions = {
  readonly wall: WallClock;
  readonly onMessage: (message: FromAgent) => void;
  /** Called once, with how it ended, unless it was told to. */
  readonly onLost: (how: string) => void;
};

/** Leaving a call takes up to 3 s, closing a browser up to 2 s. */
const CLOSE_MS = 8_000;

export class ForkedAgent {
  readonly #options: ForkedAgentOptions;
  readonly #child: ChildProcess;
  readonly #exited = Promise.withResolvers<void>();
  #lastWords = '';
  #isClosing = false;

  constructor(options: ForkedAgentOptions) {
    this.#options = options;
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
    const entry = fileURLToPath(new URL(`agent-process${extension}`, import.meta.url));
    // In a session of its own, so that Ctrl-C reaches this process only, which then lets the agents leave politely.
    this.#child = fork(entry, [], { detached: true, serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#lastWords = (this.#lastWords + text).slice(-2000)));
    this.#child.on('message', (message) => options.onMessage(message as FromAgent));
    this.#child.on('error', (error) => this.#onExit(`could not be started: ${error.message}`));
    const heardOut = new Promise<void>((resolve) => this.#child.once('disconnect', resolve));
    this.#child.on('exit', (code, signal) => {
      // What it said before it ended may be read only after its end.
      void heardOut.then(() => this.#onExit(signal === null ? `ended with exit code ${code}${this.#why}` : `was killed by ${signal}${this.#why}`));
    });
  }

  get hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  tell(message: ToAgent): void {
    // To a process that ends at this moment nothing need be told, and its end is told by itself.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Has it end in good order, and by force if that takes too long. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.tell({ kind: 'close' });
    const cancel = this.#options.wall.after(CLOSE_MS, () => this.#child.kill('SIGKILL'));
    await this.#exited.promise;
    cancel();
  }

  /** What a process that broke down wrote last, such as that memory was used up. */
  get #why(): string {
    const line = this.#lastWords.split('\n').find((text) => /\b(?:error|fatal)\b/i.test(text))?.trim().slice(0, 200);
    return line === undefined ? '' : `: ${line}`;
  }

  #onExit(how: string): void {
    this.#exited.resolve();
    if (!this.#isClosing) this.#options.onLost(how);
    this.#isClosing = true;
  }
}
