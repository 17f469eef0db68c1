/** Where bottalk may keep what it can always make again. Decides only; it creates nothing. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for caches: BOTTALK_CACHE_DIR, else XDG_CACHE_HOME/bottalk, else the platform's own place
 * (~/.cache/bottalk, ~/Library/Caches/bottalk on macOS, LOCALAPPDATA\bottalk on Windows). Empty variables count as
 * unset, as the XDG base directory specification asks.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  machine: { readonly platform: string; readonly home: string } = { platform: process.platform, home: homedir() },
): string {
  if (env['BOTTALK_CACHE_DIR']) return env['BOTTALK_CACHE_DIR'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'bottalk');
  if (machine.platform === 'darwin') return join(machine.home, 'Library', 'Caches', 'bottalk');
  if (machine.platform === 'win32') return join(env['LOCALAPPDATA'] || join(machine.home, 'AppData', 'Local'), 'bottalk');
  return join(machine.home, '.cache', 'bottalk');
}
