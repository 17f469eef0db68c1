/** Ctrl-C: the first asks for an orderly end, the second ends the process. */
import { EXIT } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Interrupt = {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** What a screen that reads the keys itself calls for Ctrl-C. */
  readonly press: () => void;
  /** Gives the signals back. */
  readonly release: () => void;
};

export function interruptSignal(): Interrupt {
  const abort = new AbortController();
  const press = (): void => {
    if (abort.signal.aborted) process.exit(EXIT.cancelled);
    abort.abort();
  };
  for (const name of SIGNALS) process.on(name, press);
  return {
    signal: abort.signal,
    press,
    release: () => {
      for (const name of SIGNALS) process.off(name, press);
    },
  };
}
