/** One Chromium for the tests of a page, and pages that take down whatever goes wrong in them. */
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../src/providers/daily/find-chromium.ts';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium({ env: process.env, platform: process.platform }) });
}

export type WatchedPage = {
  readonly page: Page;
  /** Errors of the console and of scripts. */
  readonly errors: readonly string[];
  /** Addresses asked for that are not the page's own. */
  readonly strangers: readonly string[];
};

/** A page of its own context; `origin` is the one server that it may ask. */
export async function openWatched(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  // How long anything takes is the machine's affair; what hangs is ended by the test itself.
  context.setDefaultTimeout(0);
  const page = await context.newPage();
  const errors: string[] = [];
  const strangers: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(origin).host) strangers.push(url.href);
  });
  return { page, errors, strangers };
}

/** What axe finds that would keep somebody out: serious and critical faults, each with where it is. `rule`: it alone. */
export async function accessFaults(page: Page, rule?: string): Promise<string[]> {
  // The page allows no script but its own, which is as it should be; what is evaluated from outside is not asked.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rule !== undefined && { runOnly: [rule] }) };
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as axe.AxeResults;
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
