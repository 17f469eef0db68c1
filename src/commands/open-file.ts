/** Opens a file, or a page by its http address, as the desktop shows it. Waits no longer than it takes to see that this failed. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { programEnvironment } from '../base/program-environment.ts';
import type { WallClock } from '../clock/wall-clock.ts';

/** Who opens files is done by then, or shows the file itself until it is closed. */
const PATIENCE_MS = 2000;

type OpenOptions = { readonly wall: WallClock; readonly platform: NodeJS.Platform; readonly patienceMs?: number };

/** Undefined if it was opened, as far as can be seen; else what is wrong. */
export function openFile(file: string, { wall, platform, patienceMs = PATIENCE_MS }: OpenOptions): Promise<string | undefined> {
  const [command, ...args] = openerOf(platform);
  const { promise, resolve: settle } = Promise.withResolvers<string | undefined>();
  // In a session of its own: it stays when we end.
  const child = spawn(command, [...args, /^https?:\/\//.test(file) ? file : resolve(file)], { detached: true, env: programEnvironment(process.env), stdio: 'ignore' });
  const callOff = wall.after(patienceMs, () => settle(undefined));
  child.once('error', () => settle(`${command} could not be started`));
  child.once('exit', (code) => settle(code === 0 ? undefined : `${command} could not open it`));
  child.unref();
  return promise.finally(callOff);
}

function openerOf(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}
