/**
 * Seats in Daily calls for the agents of one process: one Chromium with a page for each, started when the first seat
 * is taken, or ahead of it, and started anew when it died. Closes everything on every way out.
 */
import type { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import { Chromium } from './chromium.ts';
import { PageServer } from './page-server.ts';
import { type PageLimits, type PageListener, PageSession } from './page-session.ts';
import { type DailySeat, type SeatListener, type SeatRequest, takeSeat } from './seat.ts';
import { SEAT_LIMITS, type SeatLimits } from './seat-limits.ts';
import { trouble } from './trouble.ts';

export type DailySeatsOptions = {
  readonly wall: WallClock;
  /** The browser, see findChromium. */
  readonly executable: string;
  /** Where daily-js finds its call machine, if not with Daily. */
  readonly callMachineFolder?: string;
  /** Chromium's rules for host names, and where its profile is put; for tests. */
  readonly hostRules?: string;
  readonly profilesFolder?: string;
  readonly limits?: Partial<SeatLimits & PageLimits>;
};

const PAGE_LIMITS: PageLimits = { startMs: 10_000, quietMs: 6_000 };

export class DailySeats {
  readonly #options: DailySeatsOptions;
  #browser: Promise<Chromium> | undefined;
  #server: Promise<PageServer> | undefined;
  readonly #closed = new AbortController();

  constructor(options: DailySeatsOptions) {
    this.#options = options;
  }

  /** Starts the browser ahead of the first seat; trouble waits for the one who takes it. */
  warmUp(): void {
    this.#livingBrowser().catch(() => undefined);
  }

  /** Rejects with a ProviderError when the browser does not start or Daily refuses. */
  take(request: SeatRequest, listener: SeatListener): Promise<DailySeat> {
    const { wall, callMachineFolder = null, limits } = this.#options;
    const openPage = (pageListener: PageListener): Promise<PageSession> => this.#openPage(pageListener);
    return takeSeat({ wall, request, listener, callMachineFolder, openPage, limits: { ...SEAT_LIMITS, ...limits }, signal: this.#closed.signal });
  }

  /** Ends the browser, and with it every seat that was not left. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed.abort(browserClosed());
    await this.#browser?.then((browser) => browser.close(), () => undefined);
    await this.#server?.then((server) => server.close(), () => undefined);
    this.#server = undefined;
  }

  async #openPage(listener: PageListener): Promise<PageSession> {
    const { wall, limits } = this.#options;
    const browser = await this.#livingBrowser();
    const server = await this.#pageServer();
    const openPage = (url: string, onCrashed: () => void): ReturnType<Chromium['openPage']> => browser.openPage(url, onCrashed);
    return PageSession.open({ wall, server, openPage, listener, limits: { ...PAGE_LIMITS, ...limits }, signal: this.#closed.signal });
  }

  async #livingBrowser(): Promise<Chromium> {
    this.#closed.signal.throwIfAborted();
    const { wall, executable, hostRules, profilesFolder } = this.#options;
    const present = this.#browser;
    const living = await present?.catch(() => undefined);
    if (living && !living.hasExited) return living;
    // Of those who found it dead at the same time, the first starts a new one.
    if (this.#browser && this.#browser !== present) return this.#browser;
    // Nobody would end one that is started after everything was closed.
    this.#closed.signal.throwIfAborted();
    this.#browser = Chromium.launch({ wall, executable, hostRules, folder: profilesFolder });
    return this.#browser;
  }

  /** One that did not start is started anew by whoever asks next. */
  #pageServer(): Promise<PageServer> {
    this.#closed.signal.throwIfAborted();
    this.#server ??= PageServer.start().catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }
}

function browserClosed(): ProviderError {
  return trouble('server', 'the browser for the Daily call was closed');
}
