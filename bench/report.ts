/**
 * What a report weighs and takes: `node bench/report.ts`, after a build. Prints how long it takes to write the page of a
 * two-minute call, the size of that of a ten-minute call, and how soon a real browser shows it and one of 500 cases.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import type { RecordedTracks } from '../src/metrics/recording-check.ts';
import { foldAll } from '../src/metrics/run-fold.ts';
import { findChromium } from '../src/providers/daily/find-chromium.ts';
import { documentOfRun } from '../src/report/page/document-of-run.ts';
import { encodeSound } from '../src/report/page/encode-sound.ts';
import { runPage } from '../src/report/page/run-page.ts';
import { suitePage } from '../src/report/page/suite-page.ts';
import { caseOf, checkOf, suiteOf } from '../src/testing/case-results.ts';
import { LogBuilder } from '../src/testing/log-builder.ts';
import { shipped, WholeRuns } from '../src/testing/whole-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-report-bench-'));
const runs = new WholeRuns();
const browser = await chromium.launch({ executablePath: findChromium({ env: process.env, platform: process.platform }) });
try {
  const sales = await runs.run(await shipped('sales', 1));
  const record = { fold: foldAll(sales.events), tracks: sales.tracks, about: null };
  const writeMs = await quickest(() => runPage(record));
  const encodeMs = await quickest(() => encodeSound(sales.tracks));
  const tellMs = await quickest(async () => documentOfRun(record));
  print(`page of a call of ${(record.fold.nowMs / 1000).toFixed(0)} s: ${ms(writeMs)}, of it ${ms(encodeMs)} for its sound and ${ms(tellMs)} for its figures`);

  const long = join(folder, 'long.html');
  writeFileSync(long, await runPage({ fold: foldAll(tenMinutes()), tracks: repeated(sales.tracks, 600), about: null }));
  print(`page of a call of ten minutes: ${(readFileSync(long).length / 1e6).toFixed(2)} MB, shown after ${ms(await shownMs(browser, long, '.word'))}`);

  const many = join(folder, 'many.html');
  writeFileSync(many, suitePage(suiteOf(...manyCases(500)), { linksOf: () => [] }));
  const filterMs = await filteredMs(browser, many);
  print(`page of 500 cases: ${(readFileSync(many).length / 1e6).toFixed(2)} MB, shown after ${ms(await shownMs(browser, many, '.case'))}, filtered in ${ms(filterMs)}`);
} finally {
  await browser.close();
  await runs.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Of five tries: what else the machine did meanwhile is nobody's interest. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  const tries: number[] = [];
  for (let i = 0; i < 5; i++) {
    const startedMs = performance.now();
    await work();
    tries.push(performance.now() - startedMs);
  }
  return Math.min(...tries);
}

/** From the first byte of the file until what is looked for is painted, by the browser's own clock; the best of three. */
async function shownMs(of: Browser, file: string, selector: string): Promise<number> {
  const tries: number[] = [];
  for (let i = 0; i < 3; i++) {
    const page = await of.newPage();
    await page.goto(pathToFileURL(file).href);
    await page.locator(selector).first().waitFor();
    tries.push(Number(await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()))))`)));
    await page.close();
  }
  return Math.min(...tries);
}

async function filteredMs(of: Browser, file: string): Promise<number> {
  const page = await of.newPage();
  await page.goto(pathToFileURL(file).href);
  const measured = await page.evaluate(`new Promise((done) => {
    const words = document.querySelector('[type=search]');
    const startedMs = performance.now();
    words.value = 'refund @49';
    words.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - startedMs)));
  })`);
  await page.close();
  return Number(measured);
}

function tenMinutes() {
  const log = new LogBuilder();
  const text = 'I could send our technician next Tuesday at nine, which takes about half an hour, and he will show somebody how it works.';
  for (let i = 0; i < 75; i++) log.says(i % 2 === 0 ? 'Sarah' : 'Mike', { fromMs: i * 8000 + 900, toMs: i * 8000 + 8000, text });
  return log.at(600_000, { type: 'run.ended', endedBy: 'max_duration' }).build();
}

function repeated(tracks: RecordedTracks, secs: number): RecordedTracks {
  const stretch = (track: Int16Array): Int16Array => Int16Array.from({ length: secs * 16_000 }, (_, i) => track[i % track.length] as number);
  return [stretch(tracks[0]), stretch(tracks[1])];
}

function manyCases(count: number) {
  return Array.from({ length: count }, (_, i) =>
    caseOf({
      seed: i,
      verdict: i % 9 === 0 ? 'failed' : 'passed',
      checks: Array.from({ length: 6 }, (_each, k) => checkOf({ index: k + 1, outcome: i % 9 === 0 && k === 0 ? 'failed' : 'held' })),
      figures: Object.fromEntries(['response_latency', 'ttft', 'tts_ttfb', 'end_of_turn_delay'].map((name) => [`system ${name} p50`, 900 + ((i * 37) % 700)])),
      gaps: { first: 'system', ms: Array.from({ length: 14 }, (_each, k) => (k === 0 ? null : 700 + ((i * 91 + k * 53) % 2600))) },
    }),
  );
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
