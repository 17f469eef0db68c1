/**
 * Brings the screen in only where one is shown: React and Ink take a third of a second to load, which no other
 * command should pay.
 */
import type { WriteStream } from 'node:tty';
import type { Screen, ScreenOptions } from './screen.tsx';
import type { SuiteScreen, SuiteScreenOptions } from './suite-screen.tsx';

/** Whether there is a terminal that a screen can be drawn on. */
export function canShowScreen(stdout: Pick<WriteStream, 'isTTY'>, env: Readonly<Record<string, string | undefined>>): boolean {
  return stdout.isTTY && env['TERM'] !== 'dumb';
}

export async function loadScreen(): Promise<(options: ScreenOptions) => Screen> {
  return asInProduction(async () => (await import('./screen.tsx')).openScreen);
}

export async function loadSuiteScreen(): Promise<(options: SuiteScreenOptions) => SuiteScreen> {
  return asInProduction(async () => (await import('./suite-screen.tsx')).openSuiteScreen);
}

async function asInProduction<T>(load: () => Promise<T>): Promise<T> {
  // React decides while it loads whether it is being developed with; a frame then costs twice as much.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    return await load();
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
}
