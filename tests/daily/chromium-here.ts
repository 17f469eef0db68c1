/** Whether this machine has the browser that a test needs, and shows its processes. In CI it has to. */
import { findChromium } from '../../src/providers/daily/find-chromium.ts';

export function isChromiumMissing(testFile: string): boolean {
  if (process.env['CI']) return false;
  if (process.platform !== 'linux') {
    console.log(`${testFile} is skipped: it looks at processes as Linux shows them`);
    return true;
  }
  try {
    findChromium({ env: process.env, platform: process.platform });
    return false;
  } catch {
    console.log(`${testFile} is skipped: Chromium is not installed`);
    return true;
  }
}
