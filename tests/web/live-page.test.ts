/** The page of `bottalk dev` in a real browser, against the real server: started, heard, steered, and left alone by its server. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { decodeWav } from '../../src/audio/wav.ts';
import type { RunMetrics } from '../../src/metrics/run-metrics.ts';
import { openChatServer } from '../../src/testing/chat-server.ts';
import { DevServerBench } from '../../src/testing/dev-server-bench.ts';
import { isChromiumMissing } from '../daily/chromium-here.ts';
import { accessFaults, launchBrowser, openWatched, type WatchedPage } from './page-bench.ts';
import { heardVoices, tapSound, untilHeard } from './sound-tap.ts';

describe.skipIf(isChromiumMissing('tests/web/live-page.test.ts'))('the live page', () => {
  let browser: Browser;
  let bench: DevServerBench;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    [browser, bench] = await Promise.all([launchBrowser(), DevServerBench.open()]);
  });
  afterAll(async () => {
    await browser?.close();
    await bench?.close();
  });

  beforeEach(async () => {
    watched = await openWatched(browser, bench.url);
    ({ page } = watched);
  });
  afterEach(async () => {
    await page.context().close();
    await bench.ask('POST', '/api/stop');
    // Whatever a test did: nobody else was asked for anything, and nothing went wrong in silence. A server that is gone refuses.
    const strangers = watched.strangers.filter((url) => new URL(url).hostname !== new URL(bench.url).hostname);
    const faults = [...strangers, ...watched.errors.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))];
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });

  const state = (text: string): Promise<void> => page.locator('.bar-state .badge', { hasText: text }).waitFor();

  async function choose(title: string): Promise<void> {
    await page.getByRole('combobox', { name: 'Scenario' }).selectOption({ label: title });
  }

  async function startAtFullSpeed(title: string): Promise<void> {
    await page.goto(bench.url);
    await choose(title);
    await page.getByRole('radio', { name: 'As fast as the machine, without sound' }).check({ force: true });
    const started = page.waitForResponse('**/api/start');
    await page.getByRole('button', { name: 'Start' }).click();
    await started;
    await state('Over');
  }

  test('starts, halts and ends a call by keyboard alone, and lets out the very samples that the room recorded', async () => {
    await page.context().close();
    watched = await openWatched(browser, bench.url, { bypassCSP: true });
    ({ page } = watched);
    await tapSound(page);
    await page.goto(bench.url);
    await tabTo('combobox', 'Scenario');
    await page.keyboard.type('Lunch');
    await tabTo('button', 'Start');
    await page.keyboard.press('Enter');
    await state('Live');
    await page.getByRole('list', { name: 'Conversation' }).getByText('hi mike').waitFor();
    await untilHeard(page, 16_000);
    await page.keyboard.press('Space');
    await state('Paused');
    await standsStill();
    await page.keyboard.press('Space');
    await state('Live');
    await page.keyboard.press('Escape');
    await state('Over');
    await page.getByText('Stopped by hand').waitFor();
    const recording = decodeWav(readFileSync(join(bench.runsFolder, bench.runs.at(-1) as string, 'audio.wav')));
    const recorded = spokenSamples(recording?.tracks[0] ?? []);
    const heard = spokenSamples((await heardVoices(page))[0]);
    expect(heard.length).toBeGreaterThan(5_000);
    // Where the machine was late to let sound out, the page began to play a little later.
    const from = placeOf(heard.slice(0, 100), recorded);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(heard).toEqual(recorded.slice(from, from + heard.length));
  });

  test('shows every turn in its order and as it was heard, with the verdict of every expectation', async () => {
    await startAtFullSpeed('The caller who will not wait');
    const run = bench.runs.at(-1) as string;
    const metrics = JSON.parse(readFileSync(join(bench.runsFolder, run, 'metrics.json'), 'utf8')) as RunMetrics;
    const turns = await page.evaluate<string[][]>(SHOWN_TURNS);
    const plain = (text: string): string => text.replace(/[\s,;:]+$/, '');
    expect(turns.map(([name = '', text = '']) => [name, plain(text)])).toEqual(metrics.turn_list.map(({ agent, text }) => [agent, plain(text)]));
    expect(await page.locator('.turn del').count()).toBeGreaterThan(0);
    const verdicts = await page.evaluate(`[...document.querySelectorAll('.expectations li')].map((item) => item.className)`);
    expect(verdicts).toEqual(metrics.checks.map(({ outcome }) => outcome));
    await page.locator('.outcome', { hasText: 'Passed' }).waitFor();
    expect(await page.getByRole('link', { name: 'audio.wav' }).getAttribute('href')).toBe(`/runs/${run}/audio.wav`);
  });

  test('sends what was edited, and changes the pace of a call that runs', async () => {
    await page.goto(bench.url);
    await choose('Coffee for the office');
    await page.getByLabel('company').fill('Beans and Sons');
    await page.getByRole('combobox', { name: 'Voice' }).first().selectOption('otto');
    const request = page.waitForRequest('**/api/start');
    await page.getByRole('button', { name: 'Start' }).click();
    const changed = { variables: { company: 'Beans and Sons' }, agents: [{ voice_id: 'otto' }, {}] };
    expect((await request).postDataJSON()).toMatchObject({ room: 'embedded', speed: 1, ...changed });
    await state('Live');
    await page.getByRole('radio', { name: 'Twice as fast' }).click({ force: true });
    await page.getByRole('radio', { name: 'As fast as the machine, without sound' }).click({ force: true });
    await state('Over');
    await page.locator('.turn', { hasText: 'Beans and Sons' }).first().waitFor();
  });

  test('has prompts written for a topic, lets them be edited, and starts what came of it', async () => {
    const written = {
      title: 'A cake',
      system: { name: 'Iris', prompt: 'You are Iris and bake at {{ shop }}.' },
      user: { name: 'Paul', prompt: 'You are Paul and order a cake.' },
      variables: [{ name: 'shop', default: 'Sunny Cakes' }],
    };
    const chat = await openChatServer((turn) => turn.answer(chat.turns.length === 1 ? JSON.stringify(written) : 'A cake it is.'));
    onTestFinished(() => chat.close());
    const other = await DevServerBench.open({ secrets: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: chat.baseUrl } });
    onTestFinished(() => other.close());
    // The list of scenarios comes only when the prompts are there, and must not take their place.
    const prompted = Promise.withResolvers<void>();
    await page.route('**/api/scenarios', async (route) => {
      await prompted.promise;
      await route.continue();
    });
    const listed = page.waitForResponse('**/api/scenarios');
    await page.goto(other.url);
    await page.getByRole('radio', { name: 'Topic' }).check({ force: true });
    await page.getByLabel('What they talk about').fill('Somebody orders a cake');
    await page.getByRole('button', { name: 'Write prompts' }).click();
    await page.getByLabel('shop').waitFor();
    prompted.resolve();
    await (await listed).finished();
    await page.getByLabel('Second agent').fill('Pauline');
    await page.getByLabel('shop').fill('Rainy Cakes');
    await page.getByText('Prompt', { exact: true }).first().click();
    expect(await page.getByLabel('Prompt of Iris').inputValue()).toBe(written.system.prompt);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('.turn', { hasText: /a cake it is/i }).first().waitFor();
    await page.getByRole('heading', { name: 'Iris and Pauline' }).waitFor();
    await page.keyboard.press('Escape');
    await state('Over');
    expect(JSON.stringify(chat.turns.at(1)?.body.messages)).toContain('You are Iris and bake at Rainy Cakes.');
  });

  test('goes on unheard when the browser halts its sound, and is heard again when asked to be', async () => {
    await page.addInitScript(`const resume = AudioContext.prototype.resume;
      AudioContext.prototype.resume = function () { globalThis.sound = this; return resume.call(this); };`);
    await page.goto(bench.url);
    await choose('Lunch on Thursday');
    await page.getByRole('button', { name: 'Start' }).click();
    const sound = page.getByRole('button', { name: 'Sound', exact: true });
    const isHeard = (heard: boolean): Promise<void> => sound.and(page.locator(`[aria-pressed=${heard}]`)).waitFor();
    await isHeard(true);
    await page.evaluate('sound.suspend()');
    await isHeard(false);
    await page.getByRole('list', { name: 'Conversation' }).getByText('hi mike').waitFor();
    await page.keyboard.press('m');
    await isHeard(true);
    expect(await page.evaluate('sound.state')).toBe('running');
  });

  test('says so calmly when the server is gone, and goes on with the next one', async () => {
    const other = await DevServerBench.open();
    onTestFinished(() => other.close());
    const { port, url, folder } = other;
    await page.goto(url);
    await choose('Lunch on Thursday');
    await page.getByRole('button', { name: 'Start' }).click();
    await state('Live');
    await other.close({ keep: true });
    await page.getByText('The server is not there').waitFor();
    const again = await DevServerBench.open({ port, folder });
    onTestFinished(() => again.close());
    await page.getByText('The server is not there').waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'As fast as the machine, without sound' }).check({ force: true });
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('.outcome', { hasText: 'Passed' }).waitFor();
    expect(await page.locator('.turn').count()).toBe(5);
  });

  test('keeps nobody out, in light and in dark, before a call and after it, on a wide screen and on a phone', async () => {
    await page.goto(bench.url);
    await page.getByRole('button', { name: 'Start' }).waitFor();
    const inLightAndDark = async (): Promise<string[]> => {
      await page.emulateMedia({ colorScheme: 'light' });
      const faults = await accessFaults(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      return [...faults, ...(await accessFaults(page, 'color-contrast'))];
    };
    expect(await inLightAndDark()).toEqual([]);
    await startAtFullSpeed('The caller who will not wait');
    expect(await inLightAndDark()).toEqual([]);
    // Wide enough for three columns the page does not scroll, and below its panels there is nothing.
    expect(await page.evaluate('document.documentElement.scrollHeight - innerHeight')).toBe(0);
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await accessFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  async function tabTo(role: 'combobox' | 'button', name: string): Promise<void> {
    const target = page.getByRole(role, { name, exact: true });
    await target.waitFor();
    for (let presses = 0; presses < 60; presses++) {
      if ((await target.and(page.locator(':focus')).count()) === 1) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`the tab key does not lead to ${name}`);
  }

  /** Waits until what is shown of call time has not moved for thirty pictures of the screen. */
  async function standsStill(): Promise<void> {
    await page.evaluate(STANDS_STILL);
  }
});

/** Without what is as good as silence, of which the page leaves out some to catch up on a machine that does not keep up. */
function spokenSamples(samples: ArrayLike<number>): number[] {
  return Array.from(samples).filter((sample) => Math.abs(sample) > 100);
}

function placeOf(some: readonly number[], all: readonly number[]): number {
  return all.findIndex((_, at) => some.every((sample, i) => all[at + i] === sample));
}

/** Runs in the page: name and words of every turn, without what was cut. */
const SHOWN_TURNS = `[...document.querySelectorAll('.turn')].map((turn) => {
  const shown = turn.cloneNode(true);
  for (const unheard of shown.querySelectorAll('.said-words .visually-hidden, .said-words del, .cut-mark')) unheard.remove();
  return [shown.querySelector('.said-by').textContent, shown.querySelector('.said-words').textContent.replace(/\\s+/g, ' ').trim()];
})`;

const STANDS_STILL = `(async () => {
  const time = () => document.querySelector('.call-time').textContent;
  for (let last = time(), pictures = 0; pictures < 30; pictures++) {
    await new Promise(requestAnimationFrame);
    if (time() !== last) pictures = 0;
    last = time();
  }
})()`;
