/**
 * Makes the pictures of docs/images from the pages as they are built: `npm run build && npm run screenshots`. Needs a
 * Chromium, and about half a minute, because a call is shown while it runs. Each page at three widths, light and dark.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../src/providers/daily/find-chromium.ts';
import { bottalk } from '../src/testing/command-process.ts';
import { DevServerBench } from '../src/testing/dev-server-bench.ts';

const FOLDER = join(import.meta.dirname, '../docs/images');
const SIZES = { phone: { width: 390, height: 844 }, tablet: { width: 834, height: 1112 }, wide: { width: 1440, height: 900 } } as const;
const SCHEMES = ['light', 'dark'] as const;

mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath: findChromium({ env: process.env, platform: process.platform }) });
try {
  await shootReports(browser);
  await shootLivePage(browser);
} finally {
  await browser.close();
}

/** A call with interruptions where one of them cut somebody off, and test runs with something to look at in each part. */
async function shootReports(browser: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-screenshots-'));
  const options = { cwd: folder, cacheFolder: join(folder, 'cache') };
  const page = await browser.newPage({ reducedMotion: 'reduce' });
  try {
    cpSync(join(import.meta.dirname, '../scenarios'), join(folder, 'calls'), { recursive: true });
    await bottalk(['run', 'calls/interruptions.yaml', '--out', 'call'], options);
    await page.goto(`${pathToFileURL(join(folder, 'call/report.html')).href}#t=38.5`);
    await shoot(page, 'report');
    await bottalk(['test', 'calls', '--repeat', '8', '--keep', 'none', '--save-baseline', 'main', '--out', 'before'], options);
    const quickstart = join(folder, 'calls/quickstart.yaml');
    writeFileSync(quickstart, readFileSync(quickstart, 'utf8').replace('<= 4s', '<= 1800ms'));
    // Voices that begin later are what a comparison is there to find.
    for (const name of ['sales', 'support', 'discovery']) {
      const file = join(folder, `calls/${name}.yaml`);
      writeFileSync(file, readFileSync(file, 'utf8').replace('  - name: ', '  - tts: { first_byte_ms: 320 }\n    name: '));
    }
    await bottalk(['test', 'calls', '--repeat', '8', '--keep', 'failed', '--out', 'results'], options);
    await bottalk(['report', 'results', '--html', '--baseline', 'main'], options);
    await page.goto(pathToFileURL(join(folder, 'results/report.html')).href);
    await shoot(page, 'results');
  } finally {
    await page.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In mid-call, shortly after somebody was cut off, and with the call standing still. */
async function shootLivePage(browser: Browser): Promise<void> {
  const bench = await DevServerBench.open();
  try {
    const page = await browser.newPage({ reducedMotion: 'reduce' });
    await page.goto(bench.url);
    await page.getByRole('combobox', { name: 'Scenario' }).selectOption({ label: 'The caller who will not wait' });
    await page.getByRole('radio', { name: 'Twice as fast' }).check({ force: true });
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('.turn.live', { hasText: 'sorry my mistake' }).waitFor({ timeout: 120_000 });
    await page.keyboard.press('Space');
    await page.locator('.bar-state', { hasText: 'Paused' }).waitFor();
    await shoot(page, 'live');
  } finally {
    await bench.close();
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`) });
    }
  }
}
