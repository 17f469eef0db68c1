/**
 * Brings the screen in only where one is shown: React and Ink take a third of a second to load, which no other
 * command should pay.
 */
import type { WriteStream } from 'node:tty';
import type { Screen, ScreenOptions } from './screen.tsx';

/** Whether there is a terminal that a screen can be drawn on. */
export function canShowScreen(stdout: Pick<WriteStream, 'isTTY'>, env: Readonly<Record<string, string | undefined>>): boolean {
  return stdout.isTTY && env['TERM'] !== 'dumb';
}

export async function loadScreen(): Promise<(options: ScreenOptions) => Screen> {
  // React decides while it loads whether it is being developed with; a frame then costs twice as much.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    const { openScreen } = await import('./screen.tsx');
    return openScreen;
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
}
