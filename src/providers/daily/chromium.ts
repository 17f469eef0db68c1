/**
 * One headless Chromium for all agents of a process. It ends when this process ends, however that happens, because it
 * hangs on our pipes; the shell that waits for it then removes its profile. It opens pages and knows nothing of calls.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { programEnvironment } from '../../base/program-environment.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { DevtoolsPipe } from './devtools-pipe.ts';
import { makeProfileFolder } from './profile-folder.ts';

export type ChromiumOptions = {
  readonly wall: WallClock;
  readonly executable: string;
  /** Where the profile is put; the system's temporary folder if not given. */
  readonly folder?: string | undefined;
  /** Chromium's rules for host names, so that a test can keep it at home. */
  readonly hostRules?: string | undefined;
  readonly startMs?: number;
  /** How long it may take to open a page. */
  readonly openMs?: number;
  readonly closeMs?: number;
};

/** One page, in a browser context of its own, which gives it a process of its own. Closing it never rejects. */
export type ChromiumPage = { close(): Promise<void> };

const START_MS = 15_000;
const OPEN_MS = 10_000;
const CLOSE_MS = 2_000;
/** daily-js reports fatal errors, with the room's address, to a host of its maker's choice. */
const NO_TELEMETRY = 'MAP *.ingest.sentry.io ~NOTFOUND';
/** Waits for the browser, whatever ends it. A process of the browser may outlive it by a moment and still write. */
const SUPERVISOR = 'profile=$1; shift; "$@"; status=$?; rm -rf "$profile" 2>/dev/null || { sleep 1; rm -rf "$profile"; }; exit $status';

const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-startup-window',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export class Chromium {
  readonly #options: ChromiumOptions;
  readonly #profile: string;
  readonly #process: ChildProcess;
  readonly #pipe: DevtoolsPipe;
  /** Every process of the browser holds its other end, also one that is only being started and is known to nobody yet. */
  readonly #errors: Readable;
  readonly #exited = Promise.withResolvers<void>();
  readonly #onPageCrashed = new Map<string, () => void>();
  #lastWords = '';
  #hasExited = false;

  /** Resolves when it takes orders. Rejects with a ProviderError when it does not start. */
  static async launch(options: ChromiumOptions): Promise<Chromium> {
    const browser = new Chromium(options);
    const { wall, startMs = START_MS } = options;
    const endTimer = wall.after(startMs, () => browser.#pipe.close(`Chromium did not start within ${startMs / 1000} s`));
    try {
      await browser.#pipe.send('Target.setDiscoverTargets', { discover: true });
    } catch (error) {
      await browser.close();
      throw error;
    } finally {
      endTimer();
    }
    return browser;
  }

  private constructor(options: ChromiumOptions) {
    const { wall, executable, hostRules, folder = tmpdir() } = options;
    this.#options = options;
    this.#profile = makeProfileFolder({ folder, pid: process.pid, epochMs: wall.epochMs() });
    // Chromium cannot sandbox its pages when it runs as root.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const rules = `--host-resolver-rules=${hostRules === undefined ? NO_TELEMETRY : `${NO_TELEMETRY}, ${hostRules}`}`;
    const command = [executable, ...FLAGS, ...asRoot, rules, `--user-data-dir=${this.#profile}`];
    // In a session of its own, so that Ctrl-C reaches bottalk first and the call can be left politely.
    this.#process = spawn('/bin/sh', ['-c', SUPERVISOR, 'bottalk-chromium', this.#profile, ...command], {
      detached: true,
      env: { ...soundEnvironment(this.#profile), ...programEnvironment(process.env) },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    });
    const [, , errors, toBrowser, fromBrowser] = this.#process.stdio as unknown as [null, null, Readable, Writable, Readable];
    this.#errors = errors;
    errors.setEncoding('utf8').on('data', (text: string) => (this.#lastWords = (this.#lastWords + text).slice(-2000)));
    this.#pipe = new DevtoolsPipe({ toBrowser, fromBrowser, onEvent: (method, params) => this.#take(method, params) });
    this.#process.on('error', (error) => this.#onExit(error.message));
    this.#process.on('exit', () => this.#onExit(lastLine(this.#lastWords)));
  }

  /** Resolves when all processes of the browser have ended and its profile is gone, for whatever reason. */
  get exited(): Promise<void> {
    return this.#exited.promise;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Opens a page; `onCrashed` is called at most once, when the page's process dies while the browser lives. Rejects with a ProviderError. */
  async openPage(url: string, onCrashed: () => void): Promise<ChromiumPage> {
    const { wall, openMs = OPEN_MS } = this.#options;
    const endTimer = wall.after(openMs, () => {
      // One that does not answer is of no use to anybody: the next page gets a new one.
      this.#pipe.close(`Chromium did not open a page within ${openMs / 1000} s`);
      void this.close();
    });
    try {
      const { browserContextId } = await this.#pipe.send('Target.createBrowserContext', { disposeOnDetach: true });
      const { targetId } = await this.#pipe.send('Target.createTarget', { url, browserContextId });
      const id = String(targetId);
      this.#onPageCrashed.set(id, onCrashed);
      return { close: () => this.#closePage(id, browserContextId) };
    } finally {
      endTimer();
    }
  }

  /** Ends it: politely first, then by force. Safe to call twice. */
  async close(): Promise<void> {
    const { wall, closeMs = CLOSE_MS } = this.#options;
    this.#onPageCrashed.clear();
    this.#pipe.close('Chromium was closed');
    const endTimer = wall.after(closeMs, () => {
      if (!this.#hasExited) this.#kill();
    });
    await this.exited;
    endTimer();
  }

  /** A page whose browser has gone is closed already, and one whose browser does not answer goes with it. */
  async #closePage(id: string, browserContextId: unknown): Promise<void> {
    const { wall, closeMs = CLOSE_MS } = this.#options;
    const answered = new AbortController();
    this.#onPageCrashed.delete(id);
    const closed = this.#pipe.send('Target.disposeBrowserContext', { browserContextId }).catch(() => undefined);
    await Promise.race([closed, wall.sleep(closeMs, answered.signal).catch(() => undefined)]);
    answered.abort();
  }

  #take(method: string, { targetId }: Readonly<Record<string, unknown>>): void {
    if (method !== 'Target.targetCrashed' && method !== 'Target.targetDestroyed') return;
    const onCrashed = this.#onPageCrashed.get(String(targetId));
    this.#onPageCrashed.delete(String(targetId));
    onCrashed?.();
  }

  /** The shell waits for the browser alone; what the browser was just starting ends a moment later, and is waited for here. */
  #onExit(why: string): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    this.#pipe.close(`Chromium ended${why === '' ? '' : `: ${why}`}`);
    const { wall, closeMs = CLOSE_MS } = this.#options;
    const endTimers = [wall.after(closeMs, () => this.#kill()), wall.after(2 * closeMs, () => this.#errors.destroy())];
    const onAllEnded = (): void => {
      for (const endTimer of endTimers) endTimer();
      rmSync(this.#profile, { recursive: true, force: true });
      this.#exited.resolve();
    };
    if (this.#errors.closed) onAllEnded();
    else this.#errors.once('close', onAllEnded);
  }

  /** All processes of the browser, and the shell that waits for it. */
  #kill(): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** Without a place of the session's, the client of PulseAudio would leave one in the temporary folder and a link to it at home. */
function soundEnvironment(profile: string): Record<string, string> {
  return process.env['XDG_RUNTIME_DIR'] === undefined ? { PULSE_RUNTIME_PATH: profile } : {};
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
}
