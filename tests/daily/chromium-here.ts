/** Whether this machine has the browser that a test needs. In CI it has to have one. */
import { findChromium } from '../../src/providers/daily/find-chromium.ts';

export function isChromiumMissing(testFile: string): boolean {
  if (process.env['CI']) return false;
  try {
    findChromium({ env: process.env, platform: process.platform });
    return false;
  } catch {
    console.log(`${testFile} is skipped: Chromium is not installed`);
    return true;
  }
}
