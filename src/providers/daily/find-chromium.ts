/**
 * Where the browser is that a Daily room needs. It is never downloaded: it comes from the system's own packages, and
 * where there is none the user is told how to get it. The wrapper scripts in /usr/bin are passed over where the real
 * program is known, because they add flags and have a process of their own.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UsageError } from '../../base/errors.ts';

export type ChromiumSearch = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Root of the file system. */
  readonly root?: string;
};

/** The headless shell comes first: it needs half the memory and a third of the time to start. */
const LINUX_PLACES = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/headless_shell',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/usr/lib/chromium-browser/chromium-browser',
  '/opt/google/chrome/chrome',
];
const MAC_PLACES = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const COMMANDS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** The path of an executable. Throws a UsageError that names the command which installs one. */
export function findChromium({ env, platform, root = '/' }: ChromiumSearch): string {
  if (platform === 'win32') throw new UsageError('a Daily room needs Linux or macOS', 'run bottalk in WSL, or in the embedded room');
  const chosen = env['BOTTALK_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') {
    if (isExecutable(chosen)) return chosen;
    throw new UsageError(`BOTTALK_CHROMIUM names ${chosen}, and no program is there`, 'unset it to search the usual places');
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...(platform === 'darwin' ? MAC_PLACES : LINUX_PLACES).map((place) => join(root, place)),
    ...COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))),
  ];
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new UsageError('a Daily room needs Chromium, and there is none on this machine', installCommand(platform, folders));
}

/** The one command for the package manager at hand. */
function installCommand(platform: NodeJS.Platform, folders: readonly string[]): string {
  if (platform === 'darwin') return 'brew install --cask chromium';
  const has = (command: string): boolean => folders.some((folder) => isExecutable(join(folder, command)));
  if (has('dnf')) return 'sudo dnf install chromium-headless';
  if (has('pacman')) return 'sudo pacman -S chromium';
  if (has('apk')) return 'apk add chromium';
  return 'sudo apt-get install --no-install-recommends chromium-headless-shell';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
