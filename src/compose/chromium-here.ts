/** The browser of this machine, as the environment and `.env.local` let it be found. */
import { findChromium } from '../providers/daily/find-chromium.ts';
import type { Secrets } from './secrets.ts';

/** Its path. Throws a UsageError that names the command which installs one. */
export function chromiumHere(secrets: Secrets, env: Readonly<Record<string, string | undefined>>): string {
  return findChromium({ env: { ...env, BOTTALK_CHROMIUM: secrets.BOTTALK_CHROMIUM }, platform: process.platform });
}
