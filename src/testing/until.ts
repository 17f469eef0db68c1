/** Waits for what other processes, sockets and timers bring about, where nobody tells a test of it. */
import { systemWallClock as wall } from '../clock/wall-clock.ts';

/** Looks again and again until it is true; what never becomes true runs into the test's own limit. */
export async function until(condition: () => boolean, lookEveryMs = 1): Promise<void> {
  while (!condition()) await wall.sleep(lookEveryMs);
}

/** Whether there is such a process, also one that has ended and waits for somebody to notice. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
