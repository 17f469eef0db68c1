/** The page of a run and of a test run in a real browser, from a file: heard, walked through, filtered, and asking nobody for anything. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE_RATE_HZ } from '../../src/audio/format.ts';
import type { BottalkEvent } from '../../src/events/event.ts';
import { compareToBaseline } from '../../src/metrics/baseline.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { encodeSound, SOUND_DELAY_MS } from '../../src/report/page/encode-sound.ts';
import { runPage } from '../../src/report/page/run-page.ts';
import { suitePage } from '../../src/report/page/suite-page.ts';
import { caseOf, checkOf, suiteOf } from '../../src/testing/case-results.ts';
import { bottalk } from '../../src/testing/command-process.ts';
import { LogBuilder } from '../../src/testing/log-builder.ts';
import { sampleCall } from '../../src/testing/sample-call.ts';
import { shippedFile } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from '../daily/chromium-here.ts';
import { accessFaults, launchBrowser, openWatched, type WatchedPage } from './page-bench.ts';

const HOSTILE = `</script><script>document.title = 'taken'</script><img src=x onerror="document.title='taken'"><!-- & " '`;
const folder = mkdtempSync(join(tmpdir(), 'bottalk-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** So far the pitch of a test's sound climbs in a second, from this: what is heard tells when in the call it is. */
const CLIMB_HZ = 100;
const LOWEST_HZ = 300;

function climbing(secs: number): Int16Array {
  return Int16Array.from({ length: secs * SAMPLE_RATE_HZ }, (_, i) => {
    const t = i / SAMPLE_RATE_HZ;
    return Math.round(12_000 * Math.sin(2 * Math.PI * (LOWEST_HZ * t + (CLIMB_HZ * t * t) / 2)));
  });
}

const secsOf = (hertz: number): number => (hertz - LOWEST_HZ) / CLIMB_HZ;

async function runFile(name: string, record: Partial<Parameters<typeof runPage>[0]> = {}): Promise<string> {
  const file = join(folder, `${name}.html`);
  const track = climbing(50);
  writeFileSync(file, await runPage({ fold: foldAll(sampleCall()), tracks: [track, track], about: null, ...record }));
  return file;
}

describe.skipIf(isChromiumMissing('tests/web/report.test.ts'))('a report', () => {
  let browser: Browser;
  let call: string;
  /** The same call of somebody whose name is long. */
  let renamed: string;
  let opened: WatchedPage[] = [];

  beforeAll(async () => {
    const events = JSON.parse(JSON.stringify(sampleCall()).replaceAll('Sarah', 'Bartholomew Featherstonehaugh-Cholmondeley of the North')) as BottalkEvent[];
    [browser, call, renamed] = await Promise.all([launchBrowser(), runFile('call'), runFile('renamed', { fold: foldAll(events) })]);
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { page } of pages) await page.context().close();
    // Whatever a test did: nothing was asked for, and nothing went wrong in silence.
    const told = pages.flatMap(({ errors, strangers }) => [...errors, ...strangers]);
    const faults = told.filter((text) => !text.startsWith('The ScriptProcessorNode is deprecated'));
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });

  async function open(file: string, options: BrowserContextOptions & { hash?: string; script?: string } = {}): Promise<Page> {
    const { hash = '', script, ...context } = options;
    const watched = await openWatched(browser, 'http://nobody.invalid', context);
    opened.push(watched);
    if (script !== undefined) await watched.page.addInitScript(script);
    await watched.page.goto(`${pathToFileURL(file).href}${hash}`);
    await watched.page.locator('main').waitFor();
    return watched.page;
  }

  const positionOf = async (page: Page): Promise<number> => Number(await page.getByRole('slider').getAttribute('aria-valuenow'));

  test('of a run: a click on a word is heard from that word on, and the word is lit', async () => {
    const page = await open(call, { script: TAP });
    const word = page.locator('.word', { hasText: 'whiteboard' });
    const fromMs = Number(await word.getAttribute('data-from'));
    await word.click();
    // Where it was told to play from, without the codec's delay, and what was heard first: a seek may swallow two frames of the codec.
    const { startedSecs, hertz } = (await page.evaluate('tapped.heard')) as { startedSecs: number; hertz: number };
    expect(Math.abs(startedSecs * 1000 - SOUND_DELAY_MS - fromMs)).toBeLessThan(50);
    expect(secsOf(hertz) * 1000).toBeGreaterThan(fromMs - 50);
    expect(secsOf(hertz) * 1000).toBeLessThan(fromMs + 200);
    await page.locator('.word.lit').first().waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  test('of a run: its codec is taken off to within 5 ms', async () => {
    const page = await open(call);
    const track = new Int16Array(4 * SAMPLE_RATE_HZ);
    const beats = [0.5, 1.7, 3.1];
    const beat = Int16Array.from({ length: 160 }, (_, i) => Math.round(20_000 * Math.sin((2 * Math.PI * 1000 * i) / SAMPLE_RATE_HZ)));
    for (const at of beats) track.set(beat, at * SAMPLE_RATE_HZ);
    const sound = Buffer.from(await encodeSound([track, track])).toString('base64');
    const found = (await page.evaluate(`(${LOUDEST_IN})(${JSON.stringify(sound)}, ${JSON.stringify(beats)})`)) as number[];
    for (const [i, at] of beats.entries()) expect(Math.abs((found[i] as number) * 1000 - SOUND_DELAY_MS - at * 1000)).toBeLessThan(5);
  });

  test('of a run: keys play, wind and go from turn to turn; an address points at a moment', async () => {
    const page = await open(call, { hash: '#t=12.4' });
    expect(await positionOf(page)).toBe(12);
    const heading = page.getByRole('heading', { name: /How turn/ });
    const before = await heading.textContent();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'How turn 4 came about' }).waitFor();
    const next = await positionOf(page);
    expect(next).toBeGreaterThan(12);
    await page.keyboard.press('k');
    expect(await heading.textContent()).toBe(before);
    await page.goto(`${page.url().replace(/#.*/, '')}#turn-6`);
    expect(await page.locator('#turn-detail').textContent()).toBe('How turn 6 came about');
    const at = await positionOf(page);
    await page.keyboard.press('ArrowRight');
    expect(await positionOf(page)).toBe(at + 5);
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  test('of a run: what an interruption cut stands where it was cut, and was not heard', async () => {
    const page = await open(call);
    const line = page.locator('.line', { has: page.locator('.cut') });
    expect(await line.locator('.text').innerText()).toMatch(/calendar works, because it writes\s+cut off here/);
    expect(await line.locator('s').innerText()).toBe('to your customers by itself and reminds them a day');
    expect(await page.locator('.line', { hasText: 'Hold on, what does it cost?' }).locator('.gap').innerText()).toMatch(/−0\.6\d s/);
  });

  test.each(['light', 'dark'] as const)('of a run and of a test run: axe finds no serious fault, %s', async (colorScheme) => {
    const page = await open(call, { colorScheme });
    expect(await accessFaults(page)).toEqual([]);
    const suite = await open(suiteFile('axe'), { colorScheme });
    await suite.getByRole('button', { name: 'calls/refund.yaml @2' }).click();
    expect(await accessFaults(suite)).toEqual([]);
  });

  test.each([360, 820, 1440])('of a run and of a test run: nothing runs off a screen of %i pixels, whatever agents are called', async (width) => {
    for (const file of [call, suiteFile('wide'), renamed]) {
      const page = await open(file, { viewport: { width, height: 800 } });
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    }
  });

  test('of a run: whatever was said or named stays text', async () => {
    const log = new LogBuilder().says('Sarah', { fromMs: 500, toMs: 3000, text: HOSTILE, cut: true, intended: `${HOSTILE} ${HOSTILE}` }).at(4000, { type: 'warning.raised', message: HOSTILE }).build();
    const page = await open(await runFile('hostile', { fold: foldAll(log), about: { scenario_file: HOSTILE, cpu: HOSTILE } }));
    expect(await page.locator('.transcript').innerText()).toContain('</script><script>');
    expect(await page.title()).not.toBe('taken');
    expect(await page.locator('img').count()).toBe(0);
  });

  test('of a run that broke: says so first, in words, and does without a recording', async () => {
    const events = sampleCall().filter(({ type }) => type !== 'run.ended');
    const page = await open(await runFile('broken', { fold: foldAll(events), tracks: undefined }));
    expect(await page.locator('header').innerText()).toMatch(/invalid[^]*neither a pass nor a failure[^]*the log stops in mid-call/);
    await page.getByText('no recording').waitFor();
    await page.getByRole('button', { name: 'Next turn' }).click();
  });

  test('of a run: says so when the browser cannot play its recording', async () => {
    const unknown = `const { set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'src');
      Object.defineProperty(HTMLMediaElement.prototype, 'src', { set() { set.call(this, URL.createObjectURL(new Blob(['no sound']))); } });`;
    const page = await open(call, { script: unknown });
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByText('this browser cannot play the recording').waitFor();
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
  });

  test('of a run: is the same to the byte when it is made of what the run left', async () => {
    const options = { cwd: folder };
    const ran = await bottalk(['run', shippedFile('quickstart'), '--out', 'run'], options);
    expect(ran.output.trimEnd()).toMatch(/report +run\/report\.html$/);
    const again = await bottalk(['report', 'run', '--html', '-'], options);
    const left = readFileSync(join(folder, 'run/report.html'), 'utf8');
    expect(again.output === left).toBe(true);
    // The sound has a constant rate, so that ten minutes take ten times of what one takes.
    expect((left.length * 600) / 31.3).toBeLessThan(6_000_000 * 1.35);
    const page = await open(join(folder, 'run/report.html'));
    expect(await page.locator('.check.good').count()).toBe(3);
    await page.locator('.check a').first().click();
    expect(await positionOf(page)).toBeGreaterThan(0);
  });

  test('of a test run: cases are found by verdict, words and tag, in the order that is asked for, and open to their reasons', async () => {
    const page = await open(suiteFile('filters'));
    const ids = async (): Promise<string[]> => page.locator('.disclose').allInnerTexts();
    expect(await ids()).toEqual(['calls/refund.yaml @2', 'calls/angry.yaml @3', 'calls/refund.yaml @1']);
    await page.getByRole('radio', { name: /failed/ }).check({ force: true });
    expect(await ids()).toEqual(['calls/refund.yaml @2']);
    await page.getByRole('button', { name: 'calls/refund.yaml @2' }).click();
    await page.locator('.told').getByText('Sarah says "refund"').waitFor();
    await page.getByRole('radio', { name: /all/ }).check({ force: true });
    await page.getByRole('searchbox').fill('gone away');
    expect(await ids()).toEqual(['calls/angry.yaml @3']);
    await page.getByRole('searchbox').fill('');
    await page.getByLabel('Tag').selectOption('angry');
    expect(await ids()).toEqual(['calls/angry.yaml @3']);
    await page.getByLabel('Tag').selectOption('');
    await page.getByLabel('Order').selectOption('slowest');
    expect(await ids()).toEqual(['calls/refund.yaml @1', 'calls/refund.yaml @2', 'calls/angry.yaml @3']);
    expect(await page.locator('.worst a').first().getAttribute('href')).toBe('kept/report.html#turn-2');
    expect(await page.locator('#compared').innerText()).toBe('Compared with main');
  });

  test('of a test run: a folder of pages leads from the table to each case that was kept, and to its worst turn', async () => {
    const options = { cwd: folder };
    await bottalk(['test', shippedFile('quickstart'), '--keep', 'all', '--no-report', '--out', 'results', '--save-baseline', 'kept'], options);
    const made = await bottalk(['report', 'results', '--html', 'pages/', '--baseline', 'kept'], options);
    expect(made).toMatchObject({ status: 0, output: 'pages/index.html\n', errors: '' });
    const page = await open(join(folder, 'pages/index.html'));
    expect(await page.locator('#compared').innerText()).toBe('Compared with kept');
    await page.getByRole('link', { name: 'report' }).click();
    await page.locator('.verdict-head').getByText('Lunch on Thursday').waitFor();
    await page.goBack();
    await page.locator('.worst a').first().click();
    await page.getByRole('heading', { name: 'How turn 3 came about' }).waitFor();
  });

  test('of a test run: five hundred cases are all there, and whatever they are called stays text', async () => {
    const file = join(folder, 'many.html');
    const cases = Array.from({ length: 500 }, (_, i) => caseOf({ seed: i, title: HOSTILE, verdict: i % 7 === 0 ? 'failed' : 'passed', checks: [checkOf({ saw: HOSTILE })] }));
    writeFileSync(file, suitePage(suiteOf(...cases), { linksOf: () => [] }));
    const page = await open(file);
    expect(await page.locator('.case').count()).toBe(500);
    await page.getByRole('searchbox').fill('@499');
    expect(await page.locator('.case').count()).toBe(1);
    expect(await page.title()).not.toBe('taken');
  });
});

function suiteFile(name: string): string {
  const file = join(folder, `suite-${name}.html`);
  const figures = (p50: number) => ({ 'system response_latency p50': p50, 'system turn_taking_score': 0.8, talk_over: 0.01 });
  const result = suiteOf(
    caseOf({ figures: figures(2400), gaps: { first: 'system', ms: [null, 4100, 900] }, folder: 'kept' }),
    caseOf({ seed: 2, verdict: 'failed', checks: [checkOf({ line: 14 })], figures: figures(1200), gaps: { first: 'system', ms: [null, 700, -600] } }),
    caseOf({ seed: 3, file: 'calls/angry.yaml', tags: ['angry'], verdict: 'errored', error: 'the room has gone away', call_secs: 0, turns: 0 }),
  );
  const comparison = compareToBaseline({ schema: 1, bottalk: '0', cases: result.cases }, result);
  const linksOf = ({ folder: kept }: { folder: string | null }) => (kept === null ? [] : [{ name: 'report' as const, address: `${kept}/report.html` }]);
  writeFileSync(file, suitePage(result, { linksOf, compared: { name: 'main', comparison } }));
  return file;
}

/** Notes where the page's player began, and the pitch of the first tenth of a second that came out of it. */
const TAP = `
  const heard = Promise.withResolvers();
  globalThis.tapped = { heard: heard.promise };
  const Plain = Audio;
  Audio = function () {
    const audio = new Plain();
    const context = new AudioContext();
    const tap = context.createScriptProcessor(4096, 1, 1);
    let wave = [];
    let startedSecs = null;
    audio.addEventListener('play', () => { startedSecs = audio.currentTime; void context.resume(); });
    context.createMediaElementSource(audio).connect(tap).connect(context.destination);
    tap.onaudioprocess = ({ inputBuffer }) => {
      const samples = [...inputBuffer.getChannelData(0)];
      const first = wave.length > 0 ? 0 : samples.findIndex((sample) => Math.abs(sample) > 0.05);
      if (first >= 0) wave.push(...samples.slice(first));
      if (wave.length < context.sampleRate * 0.15) return;
      const kept = wave.slice(context.sampleRate * 0.05, context.sampleRate * 0.15);
      const crossings = kept.flatMap((sample, i) => (i > 0 && kept[i - 1] < 0 && sample >= 0 ? [i - sample / (sample - kept[i - 1])] : []));
      const hertz = ((crossings.length - 1) * context.sampleRate) / (crossings.at(-1) - crossings[0]);
      heard.resolve({ startedSecs, hertz });
    };
    return audio;
  };
`;

/** The second at which each beat of 10 ms begins in the decoded sound, sought within 300 ms of where it was. */
const LOUDEST_IN = `async (base64, beats) => {
  const context = new OfflineAudioContext(1, 16000, 16000);
  const sound = await context.decodeAudioData(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
  const samples = sound.getChannelData(0);
  return beats.map((at) => {
    const from = Math.round(at * 16000) - 1600;
    const energy = Array.from({ length: 6400 }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < 160; k++) sum += (samples[from + i + k] ?? 0) ** 2;
      return sum;
    });
    return (from + energy.indexOf(Math.max(...energy))) / 16000;
  });
}`;
